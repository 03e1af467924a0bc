import { idFromWire } from '../../contract/id.ts'
import type { OrderView } from '../../contract/top-up.ts'
import type { Reason } from '../../server/bank-statement/index.ts'
import type { BreakClass } from '../../server/reconciliation/index.ts'
import { OPERATOR } from './account.ts'
import type { Cell, Stage } from './cell.ts'
import type { Outcome } from './outcome.ts'
import { BRAND } from './rails.ts'

/** What house, ledger, provider and handset say of a cell, once its day is reconciled. */
export interface Facts {
  readonly outcome: Outcome
  /** Postings that gave the line its credit, and what the line has more than before. */
  readonly credits: number
  readonly addedMinor: bigint
  /** Refunds that are done, and what they came to. */
  readonly refunds: number
  readonly refundedMinor: bigint
  /** What the provider has of the payer's money by its own book. */
  readonly keptMinor: bigint
  /** What the order's page says. */
  readonly view: OrderView
  /** Kinds of messages about the order, and what arrived on the line's handset. */
  readonly messages: readonly string[]
  readonly handset: readonly string[]
  readonly breaks: readonly (BreakClass | Reason)[]
  /** What came to the bank account less what left it, of entries that still wait for a person. */
  readonly openMinor: bigint
}

interface Row {
  readonly state: string
  readonly credits: bigint
  readonly balance: bigint
  readonly refunds: bigint
  readonly refunded: bigint
  readonly second: bigint
  readonly first_paid: string | null
  readonly abnormal: boolean
  readonly orphans: bigint
  readonly attempts: string[]
  readonly refund_ids: string[]
  readonly messages: string[]
  readonly breaks: (BreakClass | Reason)[]
  readonly open: bigint
  readonly seen: Reason | null
  readonly stated_by: string | null
}

const FACTS = `
  with entries as (select e.*, s.format from {{brand}}.bank_entry e join {{brand}}.bank_statement s on s.id = e.statement where e.merchant = $2 and $3 = 'bank')
  select o.state,
    (select count(*) from {{brand}}.transfer t where t.cause = o.id and t.amount = o.price
       and t.posting in ('online-top-up', 'held-then-credited')) as credits,
    (select a.balance from {{brand}}.line_account a where a.line = o.line and a.epoch = o.epoch) as balance,
    (select count(*) from {{brand}}.refund r where r.order_id = o.id and r.state = 'done') as refunds,
    (select coalesce(sum(r.amount), 0)::bigint from {{brand}}.refund r where r.order_id = o.id and r.state = 'done') as refunded,
    (select count(*) from {{brand}}.refund r where r.order_id = o.id and r.state = 'done' and r.reason = 'paid-twice') as second,
    (select e.kind from {{brand}}.evidence e join {{brand}}.attempt a on a.id = e.attempt
      where a.order_id = o.id and e.said = 'paid' order by e.id limit 1) as first_paid,
    exists (select from {{brand}}.evidence e join {{brand}}.attempt a on a.id = e.attempt
      where a.order_id = o.id and e.said in ('refund-refused', 'refund-failed')) as abnormal,
    (select count(*) from {{brand}}.evidence e where e.merchant = $2 and e.attempt is null) as orphans,
    array(select a.id::text from {{brand}}.attempt a where a.order_id = o.id) as attempts,
    array(select r.id::text from {{brand}}.refund r where r.order_id = o.id) as refund_ids,
    array(select m.template from {{brand}}.message m where m.subject = o.id order by 1) as messages,
    array(select b.class from {{brand}}.bill_break b where b.provider = $3 and b.merchant = $2 and b.closed_at is null
      union all select n.reason from entries n where n.state = 'open') as breaks,
    (select coalesce(sum(case n.direction when 'credit' then n.amount else -n.amount end), 0)::bigint from entries n where n.state = 'open') as open,
    (select min(n.reason) from entries n where n.direction = 'credit' and n.state <> 'dismissed' and n.closed_by = $4) as seen,
    (select n.format from entries n where n.direction = 'credit' and n.state in ('matched', 'returned') order by n.id limit 1) as stated_by
  from {{brand}}.top_up o where o.id = $1`

const ENDS: Readonly<Record<string, Outcome['ends']>> = {
  credited: 'credited',
  refunded: 'refunded',
  'awaiting-payment': 'returned',
  'refund-abnormal': 'person',
}

/** Reads a cell. Notifications and queries race, so that a query told first counts only where nothing else could tell. */
export async function factsOf(
  stage: Stage,
  cell: Cell,
  view: OrderView,
  balanceBefore: bigint,
): Promise<Facts> {
  const { world } = stage
  const { merchant, live, number } = cell
  const rows = await world.house.db
    .of(BRAND)
    .query<Row & Record<string, unknown>>(FACTS, [
      ...[idFromWire(view.id), merchant.id, merchant.rail],
      OPERATOR,
    ])
  const row = rows[0] as Row
  const expected = live.outcome
  const lost = { order: row.attempts, refund: row.refund_ids }
  const unanswered = expected.unanswered && lost[expected.unanswered].some(stage.unanswered)
  const [refused] = stage.refused(merchant.id)
  const outcome: Outcome = {
    ends: ENDS[row.state] as Outcome['ends'],
    ...(refused ? { refused: refused as 'signature' } : {}),
    // That a statement was refused, its play has seen.
    ...(expected.refused === 'balance' ? { refused: 'balance' } : {}),
    ...(expected.by === 'query' && row.first_paid === 'query' ? { by: 'query' } : {}),
    ...(row.stated_by !== null && row.stated_by !== 'camt.054' ? { by: 'statement' } : {}),
    ...(row.seen !== null ? { seen: row.seen } : {}),
    ...(row.second > 0n ? { second: true } : {}),
    ...(row.orphans > 0n ? { orphan: true } : {}),
    ...(unanswered ? { unanswered: expected.unanswered } : {}),
    ...(row.abnormal && row.state !== 'refund-abnormal' ? { abnormal: true } : {}),
    ...(row.breaks[0] ? { break: row.breaks[0] } : {}),
  }
  const received = await world.sms(`86${number}`)
  return {
    outcome,
    credits: Number(row.credits),
    addedMinor: row.balance - balanceBefore,
    refunds: Number(row.refunds),
    refundedMinor: row.refunded,
    keptMinor: await merchant.keeps(),
    view,
    messages: row.messages,
    handset: received.map(({ text }) => text),
    breaks: row.breaks,
    openMinor: row.open,
  }
}
