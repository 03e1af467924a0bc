import { randomUUID } from 'node:crypto'
import { type TestDatabase, testDatabase } from '../../test/support/database.ts'
import type { Clock } from '../platform/clock.ts'
import type { BrandDb, Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import type { Account } from './account.ts'
import { kindsOf } from './arbitrary-accounts.ts'
import { Book, type LineAccount, type PostOutcome } from './index.ts'
import { openSystemAccounts } from './open-system-accounts.ts'
import type { PostingAmounts, PostingName } from './postings.ts'
import {
  insertAccounts,
  insertLineAccounts,
  lockAccounts,
  lockLineAccounts,
  openAccount,
  sendPackageTerms,
  sendWrites,
} from './store.ts'

export const CLEARING = 'alipay:2021000000000001'
/** The test clock's business day: 2026-11-22 as days since 1970-01-01. */
export const TODAY = 20_779

/** Whose accounts a posting moves money between, beside the system's own. */
export interface Whose {
  readonly line?: string
  readonly dealer?: string
  readonly cause?: string
  readonly pendingOf?: string
  readonly holdId?: string
}

/** Brand `laika` with its system accounts, and the means to post as the rooms above do. */
export interface LedgerRoom extends TestDatabase {
  readonly laika: BrandDb
  id(): string
  /** Opens the money account of a new line at epoch 1. */
  openLine(): Promise<string>
  /** Opens a dealer's float that may go down to `floorMinor`. */
  openFloat(floorMinor?: bigint): Promise<string>
  /** Locks what the posting touches, posts and writes in one transaction. */
  post<N extends PostingName>(posting: N, amounts: PostingAmounts<N>, whose?: Whose): Promise<PostOutcome>
  /** Posts in a transaction that is open already. */
  postIn<N extends PostingName>(
    tx: Tx,
    posting: N,
    amounts: PostingAmounts<N>,
    whose?: Whose,
  ): Promise<PostOutcome>
  /** Sells a package online that is earned over [firstDay, until); answers the term. */
  sellPackage(priceMinor: bigint, firstDay: number, until: number): Promise<string>
  moneyOf(line: string): Promise<LineAccount>
  balanceOf(kind: Account['kind'], subject?: string): Promise<bigint | undefined>
}

function poster(clock: Clock, id: () => string): LedgerRoom['postIn'] {
  return async (tx, posting, amounts, whose = {}) => {
    const kinds = kindsOf(posting)
    const subjects: Partial<Record<string, string>> = {
      'provider-clearing': CLEARING,
      'dealer-float': whose.dealer ?? '',
    }
    const lines = kinds.includes('line-balance')
      ? await lockLineAccounts(tx, [whose.line ?? randomUUID()])
      : []
    const accounts = await lockAccounts(
      tx,
      kinds
        .filter((kind) => kind !== 'line-balance')
        .map((kind) => ({ kind, subject: subjects[kind] ?? '' })),
    )
    const parties = Object.fromEntries([...lines, ...accounts].map((account) => [account.kind, account]))
    const book = new Book(id)
    const { line: _line, dealer: _dealer, cause = id(), ...holds } = whose
    const outcome = book.post(posting, { amounts, parties: parties as never, cause, ...holds })
    sendWrites(tx, book.writes(), clock.business('laika'), clock.instant())
    return outcome
  }
}

export async function ledgerRoom(): Promise<LedgerRoom> {
  const house = await testDatabase()
  const { db, clock } = house
  const laika = db.of('laika')
  const id = () => newId(clock.instant())
  const postIn = poster(clock, id)
  await laika.tx(async (tx) => {
    await openSystemAccounts(tx, clock, 'CNY')
    const accounts = [{ id: id(), kind: 'provider-clearing' as const, subject: CLEARING, currency: 'CNY' }]
    await insertAccounts(tx, accounts, clock.instant())
  })

  const post: LedgerRoom['post'] = (posting, amounts, whose) =>
    laika.tx((tx) => postIn(tx, posting, amounts, whose))

  return {
    ...house,
    laika,
    id,
    post,
    postIn,
    async openLine() {
      const line = id()
      await laika.tx((tx) => insertLineAccounts(tx, [{ id: id(), line, epoch: 1 }], 'CNY'))
      return line
    },
    async openFloat(floorMinor = 0n) {
      const dealer = id()
      await laika.tx((tx) =>
        openAccount(
          tx,
          { kind: 'dealer-float', subject: dealer, currency: 'CNY', floorMinor },
          clock.instant(),
        ),
      )
      return dealer
    },
    async sellPackage(priceMinor, firstDay, until) {
      const [term, cause, line] = [id(), id(), id()]
      await laika.tx(async (tx) => {
        await insertLineAccounts(tx, [{ id: id(), line, epoch: 1 }], 'CNY')
        await postIn(tx, 'online-package', { price: priceMinor }, { cause })
        sendPackageTerms(tx, [{ id: term, cause, line, epoch: 1, priceMinor, firstDay, until }])
      })
      return term
    },
    async moneyOf(line) {
      const [account] = await laika.tx((tx) => lockLineAccounts(tx, [line]))
      assert(account, `line ${line} has an account`)
      return account
    },
    async balanceOf(kind, subject = '') {
      const [account] = await laika.tx((tx) => lockAccounts(tx, [{ kind, subject }]))
      return account?.balanceMinor
    },
  }
}
