import type { Check } from '../platform/check.ts'

/** What refunds that people asked for owe to fsck. */
export const refundChecks: readonly Check[] = [
  {
    id: 'I4',
    sentence:
      'A refund that was begun took from the line, or from a package, what its request says, and holds or paid back its amount.',
    sql: `
      with moved as (
        select t.cause, sum(t.amount) filter (where l.id is not null and t.posting <> 'bonus-taken-back') as face,
               sum(t.amount) filter (where t.posting = 'bonus-taken-back') as bonus,
               sum(t.amount) filter (where case t.posting when 'fx-refunding' then false when 'fx-credit-refunding' then c.kind = 'fx-position'
                 and l.id is not null when 'fx-package-refunding' then d.kind = 'deferred-revenue' else c.kind = 'refund-clearing' end) as held,
               sum(t.amount) filter (where c.kind = 'dealer-float') as paid,
               sum(t.amount) filter (where c.kind = 'topup-suspense') as moved,
               sum(t.amount) filter (where t.posting = 'commission-claw-back') as commission,
               bool_or(l.line <> o.line or l.epoch <> o.epoch or c.kind = 'dealer-float' and c.subject <> o.dealer::text) as elsewhere
          from {{brand}}.transfer t
          join {{brand}}.refund_request q on q.id = t.cause join {{brand}}.top_up o on o.id = q.order_id
          left join {{brand}}.line_account l on l.id = t.debit_account
          left join {{brand}}.account c on c.id = t.credit_account
          left join {{brand}}.account d on d.id = t.debit_account
         where t.posting not in ('refund-sent', 'refund-returned') group by t.cause)
      select q.id as refund_request, q.order_id, q.state, q.refunded, m.held, m.paid, q.face_taken, m.face, q.bonus_taken, m.bonus,
             q.commission_taken, m.commission, m.elsewhere
        from {{brand}}.refund_request q join {{brand}}.top_up o on o.id = q.order_id left join moved m on m.cause = q.id
       where coalesce(m.elsewhere, false) or q.refunded <> coalesce(case when q.to_line is not null then m.moved when o.dealer is null then m.held else m.paid end, 0)
          or q.face_taken <> coalesce(m.face, 0) or q.bonus_taken <> coalesce(m.bonus, 0)
          or q.commission_taken <> coalesce(m.commission, 0)`,
  },
  {
    id: 'I4',
    sentence: 'All refunds of an order together took back no more credit, bonus and commission than it gave.',
    sql: `
      select o.id as order_id, o.face, sum(q.face_taken) as face_taken, o.bonus, sum(q.bonus_taken) as bonus_taken,
             o.commission, sum(q.commission_taken) as commission_taken
        from {{brand}}.refund_request q join {{brand}}.top_up o on o.id = q.order_id
       group by o.id
      having sum(q.face_taken) > o.face or sum(q.bonus_taken) > o.bonus or sum(q.commission_taken) > o.commission
          or sum(q.refunded) > o.captured`,
  },
  {
    id: 'I4',
    sentence: 'What a package refunded is what its order’s request, or a dispute about it, gave back.',
    sql: `
      select p.id as package_term, p.cause as order_id, p.refunded, q.refunded as given_back
        from {{brand}}.package_term p
        left join (select order_id, sum(refunded) as refunded from (
          select order_id, refunded from {{brand}}.refund_request
          union all select order_id, unbegun_taken from {{brand}}.dispute) back group by order_id) q on q.order_id = p.cause
       where p.refunded <> coalesce(q.refunded, 0)`,
  },
  {
    id: 'I10',
    sentence:
      'A refund that a person asked for is the one of its request, by the same number and for the same part of the order, and never of a dealer’s sale.',
    sql: `
      select q.id as refund_request, q.order_id, q.state, q.refunded, r.id as refund, r.order_id as refund_of, r.amount
        from (select q.*, o.dealer from {{brand}}.refund_request q join {{brand}}.top_up o on o.id = q.order_id
               where q.state = 'begun' and q.to_line is null) q
        full join (select * from {{brand}}.refund where reason in ('asked-by-payer', 'asked-by-staff')) r on r.id = q.id
       where q.id is null or (r.id is null) <> (q.dealer is not null) or coalesce(r.order_amount, r.amount) <> q.refunded or r.order_id <> q.order_id`,
  },
  {
    id: 'I10',
    sentence:
      'What needed a second person had one before it began, who neither asked for it nor was paid by it; and nobody of staff pays themselves.',
    sql: `
      select id as refund_request, order_id, state, requested_by, checked_by, beneficiary from {{brand}}.refund_request
       where checked_by in (requested_by, beneficiary) or channel = 'staff' and requested_by = beneficiary
          or needs_checker and state in ('approved', 'begun', 'refused') and checked_by is null`,
  },
  {
    id: 'I4',
    sentence:
      'What a correction took from the wrong line came to the right one, to the holder who was named, once and whole, and names what it corrects.',
    sql: `
      with given as (
        select e.id, e.cause, e.line, e.epoch, (e.detail->>'amountMinor')::bigint as face,
               sum(t.amount) filter (where l.line = e.line and l.epoch = e.epoch) as posted, bool_and(x.cause = q.order_id) as corrects
          from {{brand}}.line_event e
          left join {{brand}}.refund_request q on q.id = e.cause
          left join {{brand}}.transfer t on t.cause = e.id and t.posting = 'wrong-number-given'
          left join {{brand}}.line_account l on l.id = t.credit_account
          left join {{brand}}.transfer x on x.id = t.corrects and x.cause = q.order_id
         where e.kind = 'credit-received' group by e.id, e.cause, e.line, e.epoch, e.detail)
      select coalesce(q.id, g.cause) as correction, q.order_id, q.face_taken, q.bonus_taken, g.id as line_event, g.face, g.posted
        from (select * from {{brand}}.refund_request where to_line is not null and state = 'begun') q
        full join given g on g.cause = q.id
       where q.id is null or g.id is null or g.line <> q.to_line or g.epoch <> q.to_epoch or g.face <> q.face_taken
          or g.posted is distinct from q.face_taken + q.bonus_taken or g.corrects is not true`,
  },
  {
    id: 'I8',
    sentence:
      'Days were taken back only with a refund of their order, or a dispute about it that was lost, on its own line at its own epoch.',
    sql: `
      select coalesce(q.id, e.cause) as refund_request, q.order_id, e.id as line_event, e.detail
        from (select q.*, o.line, o.epoch from {{brand}}.refund_request q join {{brand}}.top_up o on o.id = q.order_id
               where q.state = 'begun') q
        full join (select * from {{brand}}.line_event v where v.kind = 'validity-taken-back' and not exists (
          select from {{brand}}.dispute d join {{brand}}.top_up o on o.id = d.order_id where d.id = v.cause
             and d.posted in ('reversed', 'reinstated') and v.line = o.line and v.epoch = o.epoch and v.detail->>'order' = o.id::text)) e
          on e.cause = q.id
       where q.id is null or e.line <> q.line or e.epoch <> q.epoch or e.detail->>'order' <> q.order_id::text`,
  },
]
