import { currencyDecimals, writeAmount } from '../../contract/decimal-amount.ts'
import { type Encoding, FileRefused } from '../platform/csv-file.ts'
import { type CsvProfile, csvProfiles } from './csv-profile.ts'
import { type StatedEntry, type StatementFile, signed } from './entry.ts'
import { readCamt } from './read-camt.ts'
import { readCsv } from './read-csv.ts'

/** A file that can be read, and is of somebody else's account. */
export class OtherAccount extends FileRefused {}

/** Whose account a file must be of, and how its CSV is written. */
export interface AccountExpected {
  readonly currency: string
  /** Every way in which the account may be written. */
  readonly accounts: readonly string[]
  readonly csvProfile: CsvProfile | null
}

export interface ReadOptions {
  readonly name: string
  readonly expected: AccountExpected
  readonly encoding?: Encoding
}

/** Reads a file of a bank, whatever its form. Throws FileRefused for one that cannot be read whole, or is of another account. */
export async function readStatement(bytes: Buffer, options: ReadOptions): Promise<StatementFile> {
  const { name, expected } = options
  const file = isXml(bytes) ? await readCamt(partsOf(bytes), name) : readAsCsv(bytes, options)
  for (const statement of file.statements) {
    const { account, currency, balances, entries } = statement
    if (account === null && file.format !== 'csv')
      throw new FileRefused(`${name} does not say whose account it is of.`)
    if (account !== null && !isOneOf(account, expected.accounts))
      throw new OtherAccount(`${name} is of the account ${account}: it is not ${expected.accounts[0]}.`)
    const foreign = [currency, ...entries.map((entry) => entry.currency)].find(
      (each) => each !== null && each !== expected.currency,
    )
    if (foreign !== undefined)
      throw new FileRefused(`${name} is in ${foreign}; the account is kept in ${expected.currency}.`)
    if (balances) demandBalance(name, expected.currency, balances, entries)
  }
  demandOnce(
    name,
    file.statements.flatMap(({ entries }) => entries),
  )
  return file
}

function isXml(bytes: Buffer): boolean {
  return /^(\ufeff|\u00ef\u00bb\u00bf)?\s*</.test(bytes.subarray(0, 200).toString('latin1'))
}

const PART_BYTES = 1 << 18

function* partsOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PART_BYTES) yield bytes.subarray(at, at + PART_BYTES)
}

/** By the account's own profile; without one by whichever of the plain ones has the file's heading. */
function readAsCsv(bytes: Buffer, { name, expected, encoding }: ReadOptions): StatementFile {
  const profiles = expected.csvProfile ? [expected.csvProfile] : Object.values(csvProfiles)
  return readCsv(bytes, profiles, { name, currency: expected.currency, ...(encoding && { encoding }) })
}

/** Shorter ends of an IBAN are those of other accounts too. */
const LEAST_END = 12

/** An account is the same however it is grouped; one written as sort code and number is also known by the IBAN that ends with them. */
function isOneOf(account: string, accounts: readonly string[]): boolean {
  const bare = (text: string) => text.replaceAll(/[^0-9A-Za-z]/g, '').toUpperCase()
  const stated = bare(account)
  const isIban = /^[A-Z]{2}\d\d/.test(stated)
  return accounts
    .map(bare)
    .some((each) => stated === each || (isIban && each.length >= LEAST_END && stated.endsWith(each)))
}

function demandBalance(
  name: string,
  currency: string,
  { openingMinor, closingMinor }: { readonly openingMinor: bigint; readonly closingMinor: bigint },
  entries: readonly StatedEntry[],
): void {
  const comesTo = entries.reduce((sum, entry) => sum + signed(entry), openingMinor)
  if (comesTo === closingMinor) return
  const text = (minor: bigint) =>
    `${minor < 0n ? '-' : ''}${writeAmount(minor < 0n ? -minor : minor, currencyDecimals(currency))}`
  throw new FileRefused(
    `${name} opens at ${text(openingMinor)} and closes at ${text(closingMinor)}, but by its entries it would close at ${text(comesTo)}: something is missing in it.`,
  )
}

/** What makes an entry itself: the bank's reference, and whether money came or went. */
export function identityOf({ reference, direction }: Pick<StatedEntry, 'reference' | 'direction'>): string {
  return `${direction} ${reference}`
}

function demandOnce(name: string, entries: readonly StatedEntry[]): void {
  const seen = new Set<string>()
  for (const entry of entries) {
    const identity = identityOf(entry)
    if (seen.has(identity))
      throw new FileRefused(`${name} has two entries with the bank's reference ${entry.reference}.`)
    seen.add(identity)
  }
}
