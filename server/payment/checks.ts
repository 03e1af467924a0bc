/** This room's invariants for fsck: each statement returns the rows that break it. */
export const checks = [
  {
    id: 'I5',
    sentence: 'Verified evidence of a known attempt is applied within 60 s.',
    sql: `select id, attempt, said, received_at from {{brand}}.evidence
      where applied_at is null and attempt is not null and received_at < now() - interval '60 s'`,
  },
  {
    id: 'I6',
    sentence: 'A captured attempt rests on applied evidence of the same payment, amount and currency.',
    sql: `select a.id, a.transaction, a.captured from {{brand}}.attempt a where a.state = 'captured' and not exists (
        select from {{brand}}.evidence e where e.attempt = a.id and e.said in ('paid', 'refunded')
          and e.transaction = a.transaction and e.currency = a.captured_currency
          and (e.said = 'refunded' or e.amount = a.captured) and e.applied_at is not null)`,
  },
  {
    id: 'I6',
    sentence: 'A payment that was applied is its attempt’s capture, or is refunded by the house.',
    sql: `select e.id, e.attempt, e.transaction, e.amount from {{brand}}.evidence e
        join {{brand}}.attempt a on a.id = e.attempt
      where e.said = 'paid' and e.applied_at is not null and a.transaction is distinct from e.transaction
        and not exists (select from {{brand}}.refund r
          where r.attempt = e.attempt and r.transaction = e.transaction and r.automatic)`,
  },
  {
    id: 'I10',
    sentence: 'Refunds of a payment, except those refused, add up to no more than was captured by it.',
    sql: `select r.attempt, r.transaction, r.currency, sum(r.amount) as refunded, max(paid.amount) as captured
      from {{brand}}.refund r
      left join lateral (select max(e.amount) as amount from {{brand}}.evidence e
        where e.attempt = r.attempt and e.transaction = r.transaction and e.said = 'paid'
          and e.currency = r.currency) paid on true
      where r.state not in ('abnormal', 'covered')
      group by r.attempt, r.transaction, r.currency
      having sum(r.amount) > coalesce(max(paid.amount), 0)`,
  },
] as const
