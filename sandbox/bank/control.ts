import { type Answer, json, type Request, type Route } from '../http.ts'
import { readBankAccount } from './account-form.ts'
import type { Bank } from './index.ts'
import { type BankAccount, bookingsOf } from './state.ts'
import { dayOf } from './statements.ts'
import { readTransfer } from './transfers.ts'

const accounts = '/control/bank/accounts'

/** The bank's part of the control API, without its guard. */
export function bankControlRoutes(bank: Bank, address: string): Route[] {
  const shown = (account: BankAccount) => ({
    ...account,
    bankPublicKey: bank.key.publicKey,
    statement: `${address}/accounts/${account.id}/statements/${dayOf(account, bank.now())}`,
  })
  const known = knownTo(bank)
  return [
    {
      method: 'GET',
      path: accounts,
      answer: () => json({ accounts: [...bank.state.accounts.values()].map(shown) }),
    },
    {
      method: 'POST',
      path: accounts,
      answer: async (request) => {
        const account = readBankAccount(request.json())
        await bank.register(account)
        return json(shown(account), 201)
      },
    },
    {
      method: 'POST',
      path: '/control/bank/rotate-key',
      answer: async () => {
        await bank.key.rotate()
        return json({ bankPublicKey: bank.key.publicKey })
      },
    },
    {
      method: 'GET',
      path: `${accounts}/:id/knobs`,
      answer: (request) => known(request, async ({ id }) => json(bank.knobs(id))),
    },
    {
      method: 'PUT',
      path: `${accounts}/:id/knobs`,
      answer: (request) => known(request, async ({ id }) => json(await bank.turn(id, request.json()))),
    },
    {
      method: 'POST',
      path: `${accounts}/:id/transfers`,
      answer: (request) =>
        known(request, async (account) =>
          json({ references: await bank.transfers.make(account, readTransfer(request.json())) }, 201),
        ),
    },
    ...bookingRoutes(bank),
  ]
}

/** Answers about an account that there is. */
function knownTo(bank: Bank) {
  return (request: Request, answer: (account: BankAccount) => Promise<Answer>) => {
    const account = bank.state.accounts.get(request.parts.id ?? '')
    return account ? answer(account) : json({ error: `There is no account ${request.parts.id}.` }, 404)
  }
}

function bookingRoutes(bank: Bank): Route[] {
  const known = knownTo(bank)
  return [
    {
      method: 'GET',
      path: `${accounts}/:id/bookings`,
      answer: (request) => known(request, async ({ id }) => json(shownBookings(bank, id))),
    },
    {
      method: 'POST',
      path: `${accounts}/:id/bookings/:reference/reverse`,
      answer: (request) =>
        known(request, async (account) => {
          const made = bookingsOf(bank.state, account.id).find(
            ({ booking }) => booking.reference === request.parts.reference,
          )
          if (!made) return json({ error: `There is no booking ${request.parts.reference}.` }, 404)
          return json({ reference: await bank.transfers.undo(account, made.booking) }, 201)
        }),
    },
    {
      method: 'POST',
      path: `${accounts}/:id/bookings/:reference/notify`,
      answer: (request) =>
        known(request, async ({ id }) => {
          const { times = 1 } = request.json()
          const count = typeof times === 'number' ? Math.min(Math.max(1, times), 100) : 1
          return json({ receptions: await bank.notices.repeat(id, request.parts.reference ?? '', count) })
        }),
    },
  ]
}

function shownBookings({ state }: Bank, accountId: string) {
  const notices = [...state.notices.values()].filter(
    ({ notification }) => notification.accountId === accountId,
  )
  return { bookings: bookingsOf(state, accountId), notices }
}
