import type { Book } from '../book.ts'
import { utcTime } from '../clock.ts'
import { type Call, type Endpoint, ownOr404 } from './api.ts'
import { knowOnly, need, nested, whole } from './form.ts'
import type { CardMerchants } from './merchants.ts'
import { newId, newReportRunId } from './numbers.ts'
import { type BalanceLine, feeOf, type ReportRun } from './payment.ts'
import { missing, Refusal } from './refusal.ts'
import { reportShape, reportType } from './shapes.ts'
import type { CardState, Entry } from './state.ts'
import { majorUnits, seconds } from './wire.ts'

export interface ReportDeps {
  merchants: CardMerchants
  book: Book<Entry>
  state: CardState
  nowFor(account: string): number
  /** Where a file's bytes are fetched. */
  fileAddress(id: string): string
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A day is complete by noon of the next, UTC. Source: Stripe, reporting: data availability. */
const completeAfterMs = 12 * hourMs
const runs = '/v1/reporting/report_runs'

/** A column's text of one line; the report's schema. Source: Stripe, report types, balance change from activity, itemised. */
const columns: Record<string, (line: BalanceLine) => string> = {
  balance_transaction_id: ({ id }) => id,
  created_utc: ({ at }) => utcTime(at),
  created: ({ at }) => utcTime(at),
  available_on_utc: ({ at }) => utcTime(at + 2 * dayMs),
  currency: ({ charge }) => charge.intent.session.order.currency,
  gross: ({ amountMinor }) => majorUnits(amountMinor),
  fee: ({ feeMinor }) => majorUnits(feeMinor),
  net: ({ amountMinor, feeMinor }) => majorUnits(amountMinor - feeMinor),
  reporting_category: ({ category }) => category,
  source_id: ({ source }) => source,
  description: () => '',
  charge_id: ({ charge }) => charge.id,
  payment_intent_id: ({ charge }) => charge.intent.id,
  card_brand: ({ charge }) => charge.card.brand,
}
const usualColumns = Object.keys(columns)
/** `payment_metadata[key]`, `refund_metadata[key]`: only when they are asked for. */
const metadataColumn = /^(payment|refund)_metadata\[([^\]]{1,40})\]$/

/** Runs of the balance report by time: asked for, then ready, then a file. */
export function reportEndpoints(deps: ReportDeps): Endpoint[] {
  const find = (call: Call): ReportRun => {
    const id = call.parts.id ?? ''
    const run = deps.state.reports.get(id)
    return ownOr404(run, run?.account, call, 'reporting report run', id)
  }
  return [
    {
      method: 'GET',
      path: '/v1/reporting/report_types/:id',
      run: (call) => {
        if (call.parts.id !== reportType) throw missing('report type', call.parts.id ?? '')
        return {
          id: reportType,
          object: 'reporting.report_type',
          data_available_end: seconds(completeUntil(deps, call.account)),
          data_available_start: 0,
          livemode: false,
          name: 'Balance change from activity (itemized)',
          version: 3,
        }
      },
    },
    { method: 'POST', path: runs, run: (call) => start(deps, call) },
    {
      method: 'GET',
      path: `${runs}/:id`,
      run: (call) => reportShape(find(call), true, deps.fileAddress),
    },
    {
      method: 'GET',
      path: '/v1/files/:id/contents',
      run: (call) => {
        const id = call.parts.id ?? ''
        const run = [...deps.state.reports.values()].find(({ file }) => file === id)
        return ownOr404(run, run?.account, call, 'file upload', id).csv
      },
    },
  ]
}

/** Midnight, UTC, up to which every day is complete. */
function completeUntil({ nowFor }: ReportDeps, account: string): number {
  const settled = nowFor(account) - completeAfterMs
  return settled - (settled % dayMs)
}

async function start(deps: ReportDeps, { account, params }: Call) {
  knowOnly(params, ['report_type', 'parameters'])
  if (need(params, 'report_type') !== reportType) {
    throw new Refusal({ message: `This sandbox has the report ${reportType} alone.`, param: 'report_type' })
  }
  const asked = nested(params, 'parameters')
  knowOnly(asked, ['interval_start', 'interval_end', 'columns', 'timezone'])
  const [from, to] = ['interval_start', 'interval_end'].map((name) => {
    const at = whole(asked, name, `parameters[${name}]`)
    if (at !== undefined) return Number(at) * 1_000
    throw new Refusal({ message: `Missing required param: parameters[${name}].`, code: 'parameter_missing' })
  }) as [number, number]
  if (from >= to || to > completeUntil(deps, account)) {
    throw new Refusal({
      message: 'The interval must end after it starts, and no later than data_available_end.',
      param: 'parameters[interval_end]',
    })
  }
  const run: ReportRun = {
    id: newReportRunId(),
    account,
    at: deps.nowFor(account),
    start: from,
    end: to,
    columns: readColumns(asked.columns),
    file: newId('file'),
    csv: '',
  }
  run.csv = csvOf(deps, run)
  await deps.book.record({ kind: 'report-run', run })
  return reportShape(run, false, deps.fileAddress)
}

function readColumns(asked: unknown): string[] {
  if (asked === undefined) return usualColumns
  const names = Array.isArray(asked) ? asked.map(String) : []
  const wrong = names.find((name) => !Object.hasOwn(columns, name) && !metadataColumn.test(name))
  if (names.length > 0 && wrong === undefined) return names
  throw new Refusal({ message: `Invalid column: ${wrong}`, param: 'parameters[columns]' })
}

function csvOf(deps: ReportDeps, run: ReportRun): string {
  const own = [...deps.state.balance.values()].filter(
    ({ account, at }) => account === run.account && at >= run.start && at < run.end,
  )
  const lines = spoilt(own, deps.merchants.knobs(run.account).billFault)
  const rows = lines.map((line) => run.columns.map((name) => quoted(cell(line, name))).join(','))
  return [run.columns.map(quoted).join(','), ...rows, ''].join('\n')
}

function cell(line: BalanceLine, name: string): string {
  const [, of, key = ''] = metadataColumn.exec(name) ?? []
  if (of === undefined) return columns[name]?.(line) ?? ''
  const refund = line.charge.refunds.find(({ id }) => id === line.source)
  return (of === 'payment' ? line.charge.intent.session.order.paymentMetadata : refund?.metadata)?.[key] ?? ''
}

/** The knob `billFault`: what the newest line suffers. A line too many is of a payment that nobody made. */
function spoilt(lines: readonly BalanceLine[], fault: string): readonly BalanceLine[] {
  const last = lines.at(-1)
  if (!last || fault === '') return lines
  if (fault === 'row-missing') return lines.slice(0, -1)
  if (fault === 'fen-off') return [...lines.slice(0, -1), { ...last, amountMinor: last.amountMinor + 1n }]
  const { session } = last.charge.intent
  const nobody = {
    ...last.charge,
    id: newId('ch'),
    intent: {
      ...last.charge.intent,
      id: newId('pi'),
      session: { ...session, order: { ...session.order, paymentMetadata: {} } },
    },
  }
  const extra = {
    ...last,
    id: newId('txn'),
    category: 'charge' as const,
    amountMinor: nobody.amountMinor,
    feeMinor: feeOf(nobody.amountMinor),
    source: nobody.id,
    charge: nobody,
  }
  return [...lines, extra]
}

/** RFC 4180. */
function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
