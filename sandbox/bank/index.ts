import { join } from 'node:path'
import { type Book, openBook } from '../book.ts'
import type { Clock } from '../clock.ts'
import { asFields, type Fields, list } from '../fields.ts'
import { type Route, serve } from '../http.ts'
import { readBankAccount } from './account-form.ts'
import { bankControlRoutes } from './control.ts'
import { bankDeskRoutes } from './desk.ts'
import { type BankKey, openBankKey } from './key.ts'
import { type BankKnobs, quietBank, turnBankKnobs } from './knobs.ts'
import { createNotices, type Notices } from './notices.ts'
import { apply, type BankAccount, type BankState, type Entry, emptyState } from './state.ts'
import { statementRoutes } from './statements.ts'
import { createTransfers, type Transfers } from './transfers.ts'

export { bankAdmin } from './admin.ts'

/** A bank: its accounts and bookings, and what its pages and the control API may do to them. */
export interface Bank {
  state: BankState
  key: BankKey
  transfers: Transfers
  notices: Notices
  register(account: BankAccount): Promise<void>
  knobs(accountId: string): BankKnobs
  turn(accountId: string, change: Fields): Promise<BankKnobs>
  /** The bank's time, milliseconds. */
  now(): number
}

/** The bank with its listener, and what it adds to the home port. */
export interface BankRail extends Bank {
  /** Where its customers download statements. */
  address: string
  homeRoutes: Route[]
  controlRoutes: Route[]
  /** Registers everything that `merchants.json`, or a test's options, name under `bank`. */
  provision(value: unknown): Promise<void>
  resume(): void
  stop(): Promise<void>
}

export interface BankDeps {
  clock: Clock
  dataDir: string
  /** Factor on the waits between notices. */
  retryScale(): number
}

export async function startBank({
  clock,
  dataDir,
  retryScale,
  port,
}: BankDeps & { port: number }): Promise<BankRail> {
  const state = emptyState()
  const book: Book<Entry> = await openBook<Entry>(join(dataDir, 'bank.jsonl'), (entry) => apply(state, entry))
  const key = await openBankKey(dataDir)
  // Knobs that are newer than the book's line take their quiet value.
  const knobsOf = (accountId: string) => ({ ...quietBank, ...state.knobs.get(accountId) })
  const notices = createNotices({ clock, book, state, key, knobsOf, retryScale })
  const bank: Bank = {
    ...{ state, key, notices, knobs: knobsOf, now: clock.now },
    transfers: createTransfers({ clock, book, state, notices, knobsOf }),
    register: async (account) => {
      if (JSON.stringify(state.accounts.get(account.id)) === JSON.stringify(account)) return
      await book.record({ kind: 'account', account })
    },
    turn: async (accountId, change) => {
      const knobs = turnBankKnobs(knobsOf(accountId), change)
      await book.record({ kind: 'knobs', accountId, knobs })
      return knobs
    },
  }
  const listener = await serve(statementRoutes(state, knobsOf), port, { foreignForms: false })
  return {
    ...bank,
    address: listener.address,
    homeRoutes: bankDeskRoutes(bank, listener.address),
    controlRoutes: bankControlRoutes(bank, listener.address),
    provision: async (value) => {
      for (const account of list(asFields(value, 'The merchants file'), 'bank'))
        await bank.register(readBankAccount(account))
    },
    resume: () => notices.resume(),
    stop: async () => {
      await listener.close()
      await notices.stop()
      await book.close()
    },
  }
}
