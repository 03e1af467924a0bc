import type { Check } from '../platform/check.ts'
import { disputeChecks } from './dispute-checks.ts'
import { quotedChecks } from './quoted-checks.ts'
import { refundChecks } from './refund-checks.ts'

/** The message about a credit that goes to the line's number. */
const CREDIT_MESSAGES = `('top-up-credited', 'top-up-credited-undated', 'package-credited', 'package-credited-undated')`

/** `deriveState` in SQL; a test holds the two against each other. */
export const DERIVED_STATE = `case
    when reversed > 0 and reversed + refunded >= captured then 'reversed'
    when refund_abnormal then 'refund-abnormal'
    when refunds_open then 'refunding'
    when captured > 0 and refunded = captured then 'refunded'
    when credited_at is not null then 'credited'
    when held_reason is not null then 'held'
    when captured > 0 then 'paid'
    when expired_at is not null then 'expired'
    else 'awaiting-payment' end`

/** What this room owes to fsck. */
export const topUpChecks: readonly Check[] = [
  {
    id: 'I4',
    sentence:
      'A credited order has credited its face and bonus to its line at its epoch, or sold its package, once; any other order nothing.',
    sql: `
      with posted as (
        select t.cause, sum(t.amount) filter (where l.id is not null) as credited,
               bool_or(l.line <> o.line or l.epoch <> o.epoch) as elsewhere,
               sum(t.amount) filter (where a.kind = 'deferred-revenue') as sold
          from {{brand}}.transfer t
          left join {{brand}}.line_account l on l.id = t.credit_account
          left join {{brand}}.account a on a.id = t.credit_account
          left join {{brand}}.top_up o on o.id = t.cause
         where t.posting in ('online-top-up', 'held-then-credited', 'dealer-top-up', 'online-package', 'held-then-package', 'dealer-package',
           'fx-credited', 'fx-package')
         group by t.cause)
      select coalesce(o.id, p.cause) as order_id, o.state, o.offer_kind, o.face + o.bonus as face_and_bonus, p.credited, p.elsewhere,
             o.price, p.sold
        from {{brand}}.top_up o full join posted p on p.cause = o.id
       where o.id is null or coalesce(p.elsewhere, false) or case
         when o.credited_at is null then coalesce(p.credited, 0) <> 0 or coalesce(p.sold, 0) <> 0
         when o.offer_kind = 'package' then coalesce(p.sold, 0) <> o.price or coalesce(p.credited, 0) <> 0
         else coalesce(p.credited, 0) <> o.face + o.bonus or coalesce(p.sold, 0) <> 0 end`,
  },
  {
    id: 'I4',
    sentence: 'Every package sold has granted its allowances.',
    sql: `
      with granted as (
        select p.line, p.epoch, p.until, case when f.roaming then 'roaming-' else '' end || g.kind as kind, sum(g.amount) as owed
          from {{brand}}.package_term p join {{brand}}.top_up o on o.id = p.cause join {{brand}}.offer f on f.id = o.offer
         cross join lateral (values ('voice-seconds', f.voice_seconds::bigint), ('sms', f.sms::bigint), ('data-bytes', f.data_bytes)) as g (kind, amount)
         where g.amount > 0 group by 1, 2, 3, 4)
      select g.line, g.epoch, g.kind, g.until, g.owed, l.granted
        from granted g left join {{brand}}.lot l on l.line = g.line and l.epoch = g.epoch and l.kind = g.kind and l.until = g.until
       where coalesce(l.granted, 0) < g.owed`,
  },
  {
    id: 'I4',
    sentence: 'What an order says was captured and refunded is what the ledger took in and sent back for it.',
    sql: `
      with taken as (
        select t.cause, sum(t.amount) as amount from {{brand}}.transfer t join {{brand}}.account a on a.id = t.debit_account
         where a.kind in ('provider-clearing', 'dealer-float')
           and t.posting in ('online-top-up', 'online-package', 'paid-and-held', 'dealer-top-up', 'dealer-package')
         group by t.cause),
      sent as (
        select order_id, sum(amount) as amount from (
          select r.order_id, case t.posting when 'refund-sent' then t.amount else -t.amount end as amount
            from {{brand}}.transfer t join {{brand}}.refund r on r.id = t.cause
           where t.posting in ('refund-sent', 'refund-returned') and r.reason <> 'paid-twice'
          union all
          select r.order_id, t.amount from {{brand}}.transfer t join {{brand}}.refund_request r on r.id = t.cause
            join {{brand}}.account a on a.id = t.credit_account and a.kind = 'dealer-float'
           where t.posting in ('credit-refunded-to-float', 'package-refunded-to-float')) back
         group by order_id)
      select o.id as order_id, o.state, o.captured, taken.amount as taken, o.refunded, sent.amount as sent
        from {{brand}}.top_up o left join taken on taken.cause = o.id left join sent on sent.order_id = o.id
       where (o.captured <> coalesce(taken.amount, 0) or o.refunded <> coalesce(sent.amount, 0))
         and not exists (select from {{brand}}.attempt a where a.id = o.attempt and a.quote is not null)`,
  },
  {
    id: 'I4',
    sentence: 'A credited order took its price; one that ended without credit has kept nothing.',
    sql: `
      select id as order_id, state, price, captured, refunded from {{brand}}.top_up
       where credited_at is not null and captured <> price
          or credited_at is null and state in ('expired', 'refunded') and captured <> refunded`,
  },
  {
    id: 'I4',
    sentence: 'A payment is captured for the one order it was made for.',
    sql: `
      select o.id as order_id, o.attempt, a.order_id as made_for, a.state, a.captured, o.captured as counted
        from {{brand}}.top_up o left join {{brand}}.attempt a on a.id = o.attempt
       where o.attempt is not null and (a.id is null or a.order_id <> o.id or a.state <> 'captured'
            or a.quote is null and a.captured <> o.captured)
          or o.kind = 'online' and (o.attempt is null) <> (o.captured = 0)`,
  },
  {
    id: 'I5',
    sentence:
      'No paid order waits for its credit longer than 60 s, and no held one longer than its stated time.',
    sql: `
      select o.id as order_id, o.state, a.captured_at, o.decide_by
        from {{brand}}.top_up o left join {{brand}}.attempt a on a.id = o.attempt
       where o.state = 'paid' and coalesce(a.captured_at, o.placed_at) < now() - interval '60 s'
          or o.state = 'held' and coalesce(o.decide_by, '-infinity') < now() - interval '60 s'`,
  },
  {
    id: 'I5',
    sentence:
      'What was recalled was paid back whole and never credited, and nothing else was paid back for that.',
    sql: `
      select coalesce(r.order_id, f.order_id) as order_id, o.state, o.recall_seconds, o.credited_at, r.recalled_at, f.amount as refunded
        from {{brand}}.recall r
        full join (select * from {{brand}}.refund where reason = 'recalled') f on f.order_id = r.order_id
        left join {{brand}}.top_up o on o.id = coalesce(r.order_id, f.order_id)
       where r.order_id is null or f.order_id is null or o.recall_seconds = 0 or o.credited_at is not null
          or coalesce(f.order_amount, f.amount) <> o.captured or r.caller <> o.caller`,
  },
  {
    id: 'I5',
    sentence: 'The state of an order is the one its facts give.',
    sql: `
      select id as order_id, state, ${DERIVED_STATE} as derived from {{brand}}.top_up where state <> ${DERIVED_STATE}`,
  },
  {
    id: 'I5',
    sentence: 'An order is refunding while a refund of it is open, and abnormal while one was refused.',
    sql: `
      with refunds as (
        select order_id, bool_or(state in ('requested', 'sent', 'unknown')) as open, bool_or(state = 'abnormal') as abnormal
          from {{brand}}.refund where reason <> 'paid-twice' group by order_id)
      select o.id as order_id, o.refunds_open, r.open, o.refund_abnormal, r.abnormal
        from {{brand}}.top_up o left join refunds r on r.order_id = o.id
       where o.refunds_open <> coalesce(r.open, false) or o.refund_abnormal <> coalesce(r.abnormal, false)`,
  },
  {
    id: 'I12',
    sentence: 'Each credit has exactly one message intended to its line, and what was not credited has none.',
    sql: `
      with credit_message as (
        select m.subject, count(*) as messages, bool_or(m.id = m.subject and m.recipient = l.msisdn) as own
          from {{brand}}.message m
          left join {{brand}}.top_up o on o.id = m.subject left join {{brand}}.line l on l.id = o.line
         where m.template in ${CREDIT_MESSAGES} group by m.subject)
      select coalesce(o.id, m.subject) as order_id, o.state, o.message_state, m.messages, m.own
        from {{brand}}.top_up o full join credit_message m on m.subject = o.id
       where case
         when o.credited_at is null then m.subject is not null
         when o.message_state = 1 and o.refunded + o.reversed = 0 and not o.refund_abnormal then m.subject is not null
         else o.message_state = 0 or m.messages is distinct from 1 or not m.own end`,
  },
  {
    id: 'I13',
    sentence: 'A key has led to an order or to a refusal, never to both.',
    sql: `
      select o.id as order_id, r.caller, r.key, r.code
        from {{brand}}.refusal r join {{brand}}.top_up o on o.caller = r.caller and o.key = r.key`,
  },
  ...refundChecks,
  ...disputeChecks,
  ...quotedChecks,
]
