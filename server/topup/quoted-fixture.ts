import { type AccountKind, accountKinds, type Transfer } from '../ledger/index.ts'
import type { AttemptRow } from '../payment/index.ts'
import type { Quote } from '../quote/index.ts'
import type { TopUp } from './top-up.ts'
import type { World } from './world-fixture.ts'

const CLEARING = 'wallet'
export const PAID_IN = 'GBP'

/** An order of ¥49.80 for which £5.55 are asked: a coarser coin, so that parts of it may come to nothing. */
export function quotedOrder<W extends World>(world: W, amountMinor = 555n, marginMinor = 8n) {
  const foreign = ['provider-clearing', 'topup-suspense', 'refund-clearing', 'fx-position'] as const
  for (const kind of foreign) {
    const subject = kind === 'provider-clearing' ? `alipay:${CLEARING}` : ''
    const floorMinor = accountKinds[kind].mayGoBelowZero ? null : 0n
    const account = { id: world.newId(), kind, subject, balanceMinor: 0n, floorMinor }
    world.accounts.set(`${kind} ${subject} ${PAID_IN}`, account)
  }
  const line = world.line()
  const order = world.order(line, world.tile(5000n))
  const quote: Quote = {
    ...{ id: world.newId(), order: order.id, priceMinor: order.priceMinor, currency: 'CNY', amountMinor },
    ...{ payCurrency: PAID_IN, rate: { numerator: 11n, denominator: 100n }, marginBp: 150, marginMinor },
    ...{
      source: 'European Central Bank',
      rateDay: 20_777,
      madeAtMs: world.nowMs,
      untilMs: world.nowMs + 600_000,
    },
  }
  world.quotes.set(quote.id, quote)
  const attempt: AttemptRow = {
    ...{ ...world.attempt(order), merchant: CLEARING, currency: PAID_IN, quote: quote.id },
    amountMinor,
  }
  world.attempts.set(attempt.id, attempt)
  const now = () => world.orders.get(order.id) as TopUp
  const abroad = (kind: AccountKind) =>
    world.balance(kind, kind === 'provider-clearing' ? `alipay:${CLEARING}` : '', PAID_IN)
  /** The provider has sent whatever refunds there are. */
  const sent = () => {
    const open = [...world.refunds.values()].filter(({ state }) => state === 'requested')
    const saying = open.map((refund) => {
      const { amountMinor, currency, transaction, id } = refund
      const paid = world.attempts.get(refund.attempt) as AttemptRow
      return world.says(paid, 'refunded', { amountMinor, currency, transaction, kind: 'refund', refund: id })
    })
    world.run(saying)
  }
  return { world, line, order, quote, attempt, now, abroad, sent }
}

/** Debits less credits of each currency: nothing, whatever was posted. */
export function net(world: World, transfers: readonly Transfer[] = world.transfers): bigint[] {
  const currencyOf = new Map([...world.accounts].map(([key, { id }]) => [id, key.split(' ').at(-1)]))
  for (const { id } of world.lineAccounts.values()) currencyOf.set(id, 'CNY')
  for (const { debitAccount, creditAccount } of transfers)
    if (currencyOf.get(debitAccount) !== currencyOf.get(creditAccount))
      throw new Error('a transfer is in one currency')
  return ['CNY', PAID_IN].map((currency) =>
    [...world.accounts].reduce(
      (sum, [key, { kind, balanceMinor }]) => {
        if (!key.endsWith(` ${currency}`)) return sum
        return sum + (accountKinds[kind].nature === 'debit' ? balanceMinor : -balanceMinor)
      },
      currency === 'CNY'
        ? -[...world.lineAccounts.values()].reduce((sum, a) => sum + a.balanceMinor, 0n)
        : 0n,
    ),
  )
}
