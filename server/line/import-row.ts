import { currencyDecimals, readAmount } from '../../contract/decimal-amount.ts'
import { type Brand, readNumber } from '../brand/index.ts'
import { allowanceKinds } from '../ledger/index.ts'
import {
  type ClockName,
  formatDay,
  type Policy,
  type Clock as PolicyClock,
  type PolicyState,
  parseDay,
  validUntil,
} from '../policy/index.ts'
import { type Header, type ImportColumn, importColumns } from './import-columns.ts'
import type { BroughtLot, NewLine } from './open-lines.ts'

/** What can be wrong with a row; a report counts by it. */
export type RowFault =
  | 'fields'
  | 'quote'
  | 'missing'
  | 'number'
  | 'not-in-plan'
  | 'iccid'
  | 'date'
  | 'date-order'
  | 'clock'
  | 'amount'
  | 'lot'
  | 'owner'
  | 'twice-in-file'
  | 'there-with-other-facts'
  | 'iccid-of-another-line'

export interface RowProblem {
  readonly fault: RowFault
  /** Names the column and what was written there. */
  readonly sentence: string
}

export interface ImportRowDeps {
  readonly brand: Brand
  readonly policy: Policy
  /** The policy's day. */
  readonly today: number
}

/** A line that a row brings, with the row in canonical form. */
export type ImportedLine = NewLine & { readonly imported: string }
export type RowReading = ImportedLine | { readonly problems: readonly RowProblem[] }

const DELIMITER = ','
const MOST_LOTS = 20
const OWNER = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/
const CLOCKS = ['service', 'credit', 'number'] as const
/** Dates repeat: a file of a million lines has some thousand of them. */
const MOST_DATES_KEPT = 20_000

/**
 * Reads rows of a file with this header: pure, and every problem of a row at once. Dates are `2027-03-31`, amounts decimals of the
 * brand's currency with a point; a clock that the policy counts from may not be left open by forgetting it.
 */
export function createRowReader(
  deps: ImportRowDeps,
  header: Header,
): (fields: readonly string[]) => RowReading {
  const days = new Map<string, number | null>()
  const dayOf = (text: string) => {
    let day = days.get(text)
    if (day === undefined) {
      day = readDay(text)
      if (days.size < MOST_DATES_KEPT) days.set(text, day)
    }
    return day
  }
  const asked = askedClocks(deps.policy)
  const decimals = currencyDecimals(deps.brand.currency)
  return (fields) => {
    if (fields.length !== header.fields) return { problems: [countProblem(fields.length, header.fields)] }
    const row = new Row(fields, header, dayOf)
    const msisdn = row.msisdn(deps.brand)
    const iccid = row.iccid()
    const activatedOn = row.activation(deps.today)
    const state = row.state(activatedOn, asked, deps.policy)
    const paidMinor = row.amount('paid_balance', deps.brand.currency, decimals)
    const bonusMinor = row.amount('bonus_balance', deps.brand.currency, decimals)
    const lots = row.lots(deps.today)
    const owner = row.owner()
    if (row.problems.length > 0) return { problems: row.problems }
    const line = { msisdn, iccid, state, paidMinor, bonusMinor, lots, owner }
    const held = activatedOn === null ? {} : { heldSince: activatedOn }
    return { ...line, ...held, imported: canonical(line, activatedOn) }
  }
}

function countProblem(found: number, asked: number): RowProblem {
  const sentence = `the row has ${found} fields where the header has ${asked}`
  return { fault: 'fields', sentence }
}

function readDay(text: string): number | null {
  try {
    return parseDay(text)
  } catch {
    return null
  }
}

/** The clocks that mean something under a policy. */
function askedClocks(policy: Policy): ReadonlySet<ClockName> {
  return new Set(
    CLOCKS.filter(
      (clock) =>
        clock === policy.leadingClock ||
        Object.values(policy.rules).some((rules) => rules[clock].length > 0) ||
        (clock === 'credit' && policy.creditEnd !== 'kept'),
    ),
  )
}

/** One row while it is read: each field by its column, and all that is found wrong. */
class Row {
  readonly problems: RowProblem[] = []
  readonly #fields: readonly string[]
  readonly #header: Header
  readonly #dayOf: (text: string) => number | null

  constructor(fields: readonly string[], header: Header, dayOf: (text: string) => number | null) {
    this.#fields = fields
    this.#header = header
    this.#dayOf = dayOf
  }

  msisdn(brand: Brand): string {
    const written = this.#text('msisdn')
    if (written === '') return this.#wrong('missing', 'msisdn is empty', '')
    const reading = readNumber(brand, written)
    if ('msisdn' in reading) return reading.msisdn
    if (reading.problem === 'not-in-plan')
      return this.#wrong('not-in-plan', `msisdn "${written}" is not in the number plan of ${brand.key}`, '')
    return this.#wrong('number', `msisdn "${written}" is not a telephone number${spreadsheet(written)}`, '')
  }

  iccid(): string | null {
    const written = this.#text('iccid')
    if (written === '') return null
    // Cards of 19 digits carry a filler to fill their last byte.
    const digits = /^[\d ]+[Ff]?$/.test(written) ? written.replaceAll(/[ Ff]/g, '') : ''
    if (digits.length < 18 || digits.length > 22)
      return this.#wrong('iccid', `iccid "${written}" is not 18 to 22 digits${spreadsheet(written)}`, null)
    if (digits.length === 19 && !passesLuhn(digits))
      return this.#wrong('iccid', `iccid "${written}" has a wrong check digit (ITU-T E.118)`, null)
    return digits
  }

  activation(today: number): number | null {
    const day = this.#day('activated_on')
    if (day === null || day <= today) return day
    return this.#wrong('date-order', `activated_on ${formatDay(day)} is after today`, null)
  }

  state(activatedOn: number | null, asked: ReadonlySet<ClockName>, policy: Policy): PolicyState {
    const clocks = {
      service: this.#clock('service', activatedOn, asked, policy),
      credit: this.#clock('credit', activatedOn, asked, policy),
      number: this.#clock('number', activatedOn, asked, policy),
    }
    const { service, number } = clocks
    if (isDated(service) && isDated(number) && number.anchor < service.anchor)
      this.#wrong('date-order', 'number_until is before service_until', null)
    return { standing: activatedOn === null ? 'pre-active' : 'in-service', ceasedOn: null, ...clocks }
  }

  amount(column: 'paid_balance' | 'bonus_balance', currency: string, decimals: number): bigint {
    const written = this.#text(column)
    if (written === '') return 0n
    const amount = readAmount(written, decimals)
    if (typeof amount === 'bigint') return amount
    const why = {
      'no-amount': 'is not an amount such as 49.80',
      'below-zero': 'is below zero: what is owed cannot be imported',
      'too-exact': `is more exact than ${currency} can be`,
    }
    return this.#wrong('amount', `${column} "${written}" ${why[amount]}`, 0n)
  }

  lots(today: number): readonly BroughtLot[] {
    const written = this.#text('lots')
    if (written === '') return []
    const lots = written.split('|').map((text) => this.#lot(text.trim(), today))
    if (lots.length > MOST_LOTS) this.#wrong('lot', `lots has more than ${MOST_LOTS} entries`, null)
    return lots.filter((lot) => lot !== null)
  }

  owner(): string | null {
    const written = this.#text('owner')
    if (written === '' || OWNER.test(written)) return written === '' ? null : written
    const form = 'is not a customer number: up to 64 letters, digits and . _ : / -'
    return this.#wrong('owner', `owner "${written}" ${form}`, null)
  }

  #lot(text: string, today: number): BroughtLot | null {
    const [kind = '', amount = '', until = '', ...more] = text.split(':')
    const wrong = (why: string) => this.#wrong('lot', `lots "${text}" ${why}`, null)
    if (kind === 'paid' || kind === 'bonus')
      return wrong('is money with an end of its own: put it into the balance, it ends with credit_until')
    const known = allowanceKinds.find((each) => each === kind)
    if (!known) return wrong(`is of no kind that there is: ${allowanceKinds.join(', ')}`)
    if (!/^[1-9]\d{0,17}$/.test(amount) || more.length > 0)
      return wrong('is not written kind:amount:until with a whole amount above zero')
    const day = this.#dayOf(until)
    if (day === null) return wrong('does not end on a date such as 2027-03-31')
    if (day <= today) return wrong('is over already')
    return { kind: known, amount: BigInt(amount), until: day }
  }

  #clock(
    clock: ClockName,
    activatedOn: number | null,
    asked: ReadonlySet<ClockName>,
    policy: Policy,
  ): PolicyClock {
    const column = `${clock}_until` as const
    const written = this.#text(column)
    if (written === '') {
      if (clock === policy.leadingClock && this.#text('activated_on') !== '')
        this.#wrong(
          'missing',
          `${column} is empty, and ${policy.id} counts from it; unlimited if it never ends`,
          null,
        )
      return null
    }
    if (!asked.has(clock))
      return this.#wrong('clock', `${column} is given, and ${policy.id} has no such clock`, null)
    if (this.#text('activated_on') === '')
      return this.#wrong('clock', `${column} is given, and activated_on is not`, null)
    if (written.toLowerCase() === 'unlimited') return 'unlimited'
    const day = this.#day(column)
    if (day === null) return null
    if (activatedOn !== null && day < activatedOn)
      return this.#wrong('date-order', `${column} is before activated_on`, null)
    return validUntil(day)
  }

  #day(column: ImportColumn): number | null {
    const written = this.#text(column)
    if (written === '') return null
    const day = this.#dayOf(written)
    return day === null
      ? this.#wrong('date', `${column} "${written}" is not a date such as 2027-03-31`, null)
      : day
  }

  #text(column: ImportColumn): string {
    const at = this.#header.at.get(column)
    return at === undefined ? '' : (this.#fields[at] as string)
  }

  #wrong<T>(fault: RowFault, sentence: string, instead: T): T {
    this.problems.push({ fault, sentence })
    return instead
  }
}

function isDated(clock: PolicyClock): clock is Exclude<PolicyClock, 'unlimited' | null> {
  return clock !== null && clock !== 'unlimited'
}

/** What a spreadsheet makes of long numbers is worth a word. */
function spreadsheet(written: string): string {
  return /^\d[.,]\d+E\+\d+$/i.test(written) ? '; a spreadsheet has rounded it: keep the column as text' : ''
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return sum % 10 === 0
}

/**
 * The row as it is kept with the line's opening, for telling later whether a file says the same: the fields after the number in the
 * order of `importColumns`, joined by commas, which no field holds; amounts in minor units, empty fields at the end left out.
 */
function canonical(line: NewLine, activatedOn: number | null): string {
  const clock = (name: ClockName) => {
    const value = line.state[name]
    return value === null ? '' : value === 'unlimited' ? value : formatDay(value.anchor)
  }
  const fields = [
    line.iccid ?? '',
    activatedOn === null ? '' : formatDay(activatedOn),
    clock('service'),
    clock('credit'),
    clock('number'),
    line.paidMinor.toString(),
    line.bonusMinor.toString(),
    (line.lots ?? []).map(({ kind, amount, until }) => `${kind}:${amount}:${formatDay(until)}`).join('|'),
    line.owner ?? '',
  ]
  return fields.join(DELIMITER).replace(/,+$/, '')
}

/** Where two canonical rows differ, in words: `paid_balance was 4980, is 5000`. */
export function differences(was: string, is: string): string {
  const [before, after] = [was.split(DELIMITER), is.split(DELIMITER)]
  return importColumns
    .slice(1)
    .flatMap(({ name }, i) => {
      const [a = '', b = ''] = [before[i], after[i]]
      return a === b ? [] : [`${name} was ${a || 'empty'}, is ${b || 'empty'}`]
    })
    .join('; ')
}
