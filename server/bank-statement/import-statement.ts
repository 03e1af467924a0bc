import { createHash } from 'node:crypto'
import { idToWire } from '../../contract/id.ts'
import { fileEvidence, type TransferAccount } from '../payment/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import { type Encoding, FileRefused } from '../platform/csv-file.ts'
import type { BrandDb, Tx } from '../platform/db.ts'
import { failpoint } from '../platform/failpoint.ts'
import { newId } from '../platform/id.ts'
import { demandAccount, expectedOf } from './account.ts'
import { readBooks } from './books.ts'
import type { CsvProfile } from './csv-profile.ts'
import {
  type BankEntry,
  type Format,
  type Reason,
  type StatedEntry,
  type StatementFile,
  signed,
} from './entry.ts'
import { evidenceOf } from './evidence.ts'
import { type Judgement, judge } from './match.ts'
import { type Movement, postEntries } from './posting.ts'
import { identityOf, readStatement } from './read-statement.ts'
import {
  closeEntries,
  entriesByReference,
  insertEntries,
  insertStatement,
  knownFile,
  lockAccount,
  type NewEntry,
} from './store.ts'

export interface StatementImport {
  readonly merchant: string
  readonly bytes: Buffer
  /** What to call the file in a refusal. */
  readonly name: string
  /** Who imports, for the audit. */
  readonly actor: string
  /** Who looks after what is left to a person. */
  readonly owner: string
  /** Left out: the account's own, else a plain one. */
  readonly csvProfile?: CsvProfile
  readonly encoding?: Encoding
  /** Reads and judges everything and writes nothing. */
  readonly dryRun?: boolean
  /** Told while entries are judged and written: how much of 1, and how many entries. */
  readonly onProgress?: (part: number, entries: number) => void
}

export interface ImportedStatement {
  readonly format: Format
  readonly entries: number
  /** Entries that no earlier file had told of. */
  readonly added: number
  /** Entries that a notice had told with another amount; those are dismissed. */
  readonly corrected: number
  /** The very same file was taken in before. */
  readonly before: boolean
  /**
   * Of those added: orders paid, refunds carried out, refunds that came back, transfers back that were recorded before, and what is left to
   * a person and why.
   */
  readonly paid: number
  readonly refunded: number
  readonly refundsBack: number
  readonly returned: number
  readonly open: ReadonlyMap<Reason, number>
}

/** Entries written at once: few enough that a bar moves. */
const PART = 2_000

/**
 * Takes in a file of a bank in one transaction, whole or not at all; whatever is wrong with it is thrown as FileRefused. The same file once
 * more changes nothing, and of one that overlaps with others only the entries that are new come in.
 */
export async function importStatement(
  db: BrandDb,
  clock: Clock,
  given: StatementImport,
): Promise<ImportedStatement> {
  const account = await demandAccount(db, given.merchant)
  const expected = expectedOf(account, given.csvProfile)
  const { name, bytes, encoding } = given
  const file = await readStatement(bytes, { name, expected, ...(encoding && { encoding }) })
  return await db.tx(async (tx) => {
    await lockAccount(tx, account.id)
    const stated = file.statements.flatMap((statement) => statement.entries)
    const digest = createHash('sha256').update(bytes).digest()
    const before = await knownFile(tx, account.id, digest)
    const fresh = before ? nothing : await newAmong(tx, account.id, stated, given.name, file.format)
    const judgements = judge(fresh.added, await readBooks(tx, account.id, fresh.added))
    const report = reportOf(file.format, stated.length, fresh, before, judgements)
    if (before || given.dryRun) return report
    await keep(tx, clock, given, account, { ...file, digest, ...fresh }, judgements)
    return report
  })
}

/** What a file tells that was not known, and what notices had told of it otherwise. */
interface Fresh {
  readonly added: readonly StatedEntry[]
  readonly corrected: readonly BankEntry[]
}
const nothing: Fresh = { added: [], corrected: [] }

/**
 * The entries that are not there. A statement is the bank's own book: an entry that a notice has told with another amount, and that has moved
 * nobody's order, gives way to it. Any other that says something else than before is refused.
 */
async function newAmong(
  tx: Tx,
  merchant: string,
  stated: readonly StatedEntry[],
  name: string,
  format: Format,
): Promise<Fresh> {
  const references = [...new Set(stated.map(({ reference }) => reference))]
  const known = Map.groupBy(await entriesByReference(tx, merchant, references), identityOf)
  const corrected: BankEntry[] = []
  const added = stated.filter((entry) => {
    const there = known.get(identityOf(entry)) ?? []
    if (there.some(({ amountMinor }) => amountMinor === entry.amountMinor)) return false
    const yields = ({ noticed, state }: BankEntry) => noticed && (state === 'open' || state === 'dismissed')
    if (there.length > 0 && (format === 'camt.054' || !there.every(yields)))
      throw new FileRefused(
        `${name} has the bank's reference ${entry.reference} with another amount than an earlier statement. Nothing was changed.`,
      )
    corrected.push(...there.filter(({ state }) => state === 'open'))
    return true
  })
  return { added, corrected }
}

function reportOf(
  format: Format,
  entries: number,
  { added, corrected }: Fresh,
  before: boolean,
  judgements: readonly Judgement[],
): ImportedStatement {
  const count = (kind: Judgement['kind']) => judgements.filter((each) => each.kind === kind).length
  const open = new Map<Reason, number>()
  for (const each of judgements)
    if (each.kind === 'open') open.set(each.reason, (open.get(each.reason) ?? 0) + 1)
  const [paid, refunded, refundsBack] = [count('pays'), count('refunds'), count('refund-back')]
  const returned = count('return-made')
  return {
    ...{ format, entries, added: added.length, corrected: corrected.length, before },
    ...{ paid, refunded, refundsBack, returned, open },
  }
}

async function keep(
  tx: Tx,
  clock: Clock,
  { merchant, name, actor, owner, onProgress }: StatementImport,
  account: TransferAccount,
  { format, statements, digest, added, corrected }: StatementFile & Fresh & { readonly digest: Buffer },
  judgements: readonly Judgement[],
): Promise<void> {
  const nowMs = clock.instant()
  const id = newId(nowMs)
  const first = statements[0]?.balances ?? null
  const last = statements.at(-1)?.balances ?? null
  const entries = statements.reduce((sum, each) => sum + each.entries.length, 0)
  const balances = { openingMinor: first?.openingMinor ?? null, closingMinor: last?.closingMinor ?? null }
  const statement = {
    id,
    merchant,
    format,
    digest,
    entries,
    added: added.length,
    importedBy: actor,
    ...balances,
  }
  await insertStatement(tx, statement, nowMs)
  await dismissCorrected(tx, clock, account, corrected, { actor, name })
  const rows = added.map((entry, i) => rowOf(entry, judgements[i] as Judgement, newId(nowMs), actor, owner))
  for (let from = 0; from < rows.length; from += PART) {
    await insertEntries(tx, statement, rows.slice(from, from + PART), nowMs)
    onProgress?.(Math.min(1, (from + PART) / rows.length), Math.min(rows.length, from + PART))
  }
  const told = added.flatMap((entry, i) => evidenceFor(entry, judgements[i] as Judgement, account, clock))
  fileEvidence(tx, told, nowMs)
  await postEntries(tx, clock, account, rows.flatMap(movementsOf))
  const net = added.reduce((sum, entry) => sum + signed(entry), 0n)
  const counts = { entries, added: added.length, corrected: corrected.length }
  const detail = { file: name, format, ...counts, netMinor: net.toString() }
  await writeAudit(tx, { actor, act: 'bank statement imported', subject: idToWire(id), detail }, nowMs)
  await failpoint('bank-statement.imported')
}

async function dismissCorrected(
  tx: Tx,
  clock: Clock,
  account: TransferAccount,
  corrected: readonly BankEntry[],
  { actor, name }: Pick<StatementImport, 'actor' | 'name'>,
): Promise<void> {
  if (corrected.length === 0) return
  const note = `${name} has it with another amount`
  const ids = corrected.map(({ id }) => id)
  await closeEntries(tx, ids, { state: 'dismissed', by: actor, note }, clock.instant())
  const credits = corrected.filter(({ direction }) => direction === 'credit')
  await postEntries(
    tx,
    clock,
    account,
    credits.map(({ id, amountMinor }) => ({ entry: id, posting: 'transfer-dismissed', amountMinor })),
  )
}

/** What is known of every entry from the first. */
const BLANK = {
  reason: null,
  owner: null,
  attempt: null,
  transaction: null,
  refund: null,
  returnReference: null,
}

function rowOf(entry: StatedEntry, judgement: Judgement, id: string, actor: string, owner: string): NewEntry {
  const matched = { ...BLANK, ...entry, id, state: 'matched', closedBy: actor } as const
  switch (judgement.kind) {
    case 'pays':
      return { ...matched, attempt: judgement.awaited.attempt, transaction: entry.reference }
    case 'refunds':
      return { ...matched, attempt: judgement.due.attempt, refund: judgement.due.refund }
    case 'refund-back':
      return { ...matched, attempt: judgement.made.attempt, refund: judgement.made.refund }
    case 'return-made':
      return { ...matched, returnReference: judgement.returnReference }
    case 'open':
      // Which refund it may mean is shown by its words; only one that it carries out is kept with it.
      return {
        ...BLANK,
        ...entry,
        id,
        state: 'open',
        owner,
        closedBy: null,
        reason: judgement.reason,
        attempt: judgement.attempt,
      }
  }
}

function evidenceFor(
  entry: StatedEntry,
  judgement: Judgement,
  { id, currency }: TransferAccount,
  clock: Clock,
) {
  const told = { merchant: id, amountMinor: entry.amountMinor, currency }
  if (judgement.kind === 'pays')
    return [
      evidenceOf(
        [entry],
        { ...told, attempt: judgement.awaited.attempt, refund: null, transaction: entry.reference },
        clock,
      ),
    ]
  if (judgement.kind !== 'refunds' && judgement.kind !== 'refund-back') return []
  const { attempt, refund, transaction } = judgement.kind === 'refunds' ? judgement.due : judgement.made
  return [evidenceOf([entry], { ...told, attempt, refund, transaction }, clock)]
}

/** A credit is nobody's until it is matched; a debit moves the books when it carries out a refund. */
function movementsOf({ id: entry, direction, state, refund, amountMinor }: NewEntry): Movement[] {
  if (direction === 'debit')
    return refund === null ? [] : [{ entry, posting: 'refund-transferred', amountMinor }]
  const received = { entry, posting: 'transfer-received', amountMinor } as const
  return state === 'matched' ? [received, { entry, posting: 'transfer-matched', amountMinor }] : [received]
}
