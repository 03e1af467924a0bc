import { utcTime } from '../clock.ts'
import { BadRequest } from '../fields.ts'
import type { Answer, Request, Route } from '../http.ts'
import { plain } from '../http.ts'
import { type CsvEncoding, csvStatementEn, csvStatementZh } from '../statement/bank-csv.ts'
import { type AccountDay, closingMinor, signedMinor } from '../statement/booking.ts'
import { type CamtVersion, camtStatement } from '../statement/camt.ts'
import type { BankKnobs } from './knobs.ts'
import { type BankAccount, type BankState, bookingsOf } from './state.ts'

/** What every account held before its first booking. */
const FIRST_MINOR = 100_000n
const DAY_MS = 86_400_000

/** The bank's day of an instant: Beijing's of accounts in yuan, else London's without its summer. */
export function dayOf(account: Pick<BankAccount, 'currency'>, at: number): string {
  const offset = account.currency === 'CNY' ? 8 * 3_600_000 : 0
  return utcTime(at + offset).slice(0, 10)
}

export function nextDay(day: string): string {
  return utcTime(Date.parse(`${day}T00:00:00Z`) + DAY_MS).slice(0, 10)
}

/** An account over a day: what stands on that day's statement, whose balances are right whatever stands on it twice. */
export function accountDay(state: BankState, account: BankAccount, day: string): AccountDay {
  const all = bookingsOf(state, account.id)
  const before = all.filter(({ booking }) => booking.day < day)
  const repeated = before.filter((each) => each.repeated && nextDay(each.booking.day) === day)
  const today = all.filter(({ booking }) => booking.day === day)
  const onIt = [...repeated, ...today].map(({ booking }) => booking)
  const held = before.reduce((sum, { booking }) => sum + signedMinor(booking), FIRST_MINOR)
  return {
    account,
    openingMinor: repeated.reduce((sum, { booking }) => sum - signedMinor(booking), held),
    bookings: onIt,
  }
}

/** A day as the knob `statementFault` has it printed: what the account held before and after is right, what lies between is not. */
export function misprinted(day: AccountDay, fault: string): AccountDay {
  const { account, bookings } = day
  const last = bookings.at(-1)
  if (fault === '' || last === undefined) return day
  const others = bookings.slice(0, -1)
  const printed = {
    'row-missing': others,
    'row-extra': [...bookings, { ...last, reference: `${account.number.slice(-4)}EXTRA`, text: '' }],
    'fen-off': [...others, { ...last, amountMinor: last.amountMinor + 1n }],
  }[fault]
  return { ...day, bookings: printed ?? bookings, closedMinor: closingMinor(day) }
}

/** The bank's own listener: statements of any day, as its customers download them. */
export function statementRoutes(state: BankState, knobsOf: (accountId: string) => BankKnobs): Route[] {
  return [
    {
      method: 'GET',
      path: '/accounts/:id/statements/:file',
      answer: (request) => {
        const account = state.accounts.get(request.parts.id ?? '')
        return account
          ? download(state, account, knobsOf(account.id), request)
          : plain(404, 'There is no such account.')
      },
    },
  ]
}

function download(
  state: BankState,
  account: BankAccount,
  { statementFault }: BankKnobs,
  { parts, url }: Request,
): Answer {
  const [, day, form] = /^(\d{4}-\d\d-\d\d)\.(xml|csv)$/.exec(parts.file ?? '') ?? []
  if (day === undefined || form === undefined)
    return plain(404, 'A statement is named 2026-11-22.xml or 2026-11-22.csv.')
  const accounted = accountDay(state, account, day)
  const asked = (name: string, choices: readonly string[]) => {
    const value = url.searchParams.get(name) ?? (choices[0] as string)
    if (!choices.includes(value)) throw new BadRequest(`"${name}" is one of ${choices.join(', ')}.`)
    return value
  }
  const headers = (type: string) => ({
    'content-type': type,
    'content-disposition': `attachment; filename="${account.id}-${day}.${form}"`,
  })
  if (form === 'xml') {
    const version = asked('version', ['08', '06', '04', '02']) as CamtVersion
    const id = `${account.id}-${day}`
    const body = camtStatement(
      misprinted(accounted, statementFault),
      { from: day, to: day },
      { version, id, madeAt: `${day}T23:59:59Z` },
    )
    return { status: 200, headers: headers('application/xml; charset=utf-8'), body }
  }
  const encoding = asked('encoding', ['utf-8', 'utf-8-bom', 'gbk']) as CsvEncoding
  const write = account.currency === 'CNY' ? csvStatementZh : csvStatementEn
  return { status: 200, headers: headers('text/csv'), body: write(accounted, encoding) }
}
