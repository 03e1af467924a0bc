import type { Check } from '../platform/check.ts'

const POSTINGS = `('transfer-received', 'transfer-matched', 'transfer-returned', 'transfer-dismissed', 'refund-transferred', 'transfer-written-off')`

/** What this room owes to fsck. An entry that waits has a reason and an owner: the table itself sees to that. */
export const bankStatementChecks: readonly Check[] = [
  {
    id: 'I6',
    sentence:
      'Each bank entry has moved the bank, unmatched receipts and clearing as its state says, once, and nothing else has.',
    sql: `
      with owed as (
        select id, 'transfer-received' as posting, amount from {{brand}}.bank_entry where direction = 'credit'
        union all
        select id, case state when 'matched' then 'transfer-matched' when 'returned' then 'transfer-returned' else 'transfer-dismissed' end, amount
          from {{brand}}.bank_entry where direction = 'credit' and state <> 'open'
        union all
        select id, case state when 'written-off' then 'transfer-written-off' else 'refund-transferred' end, amount
          from {{brand}}.bank_entry where direction = 'debit' and (state = 'written-off' or state = 'matched' and refund is not null)),
      posted as (
        select cause, posting, count(*) as times, sum(amount) as amount from {{brand}}.transfer where posting in ${POSTINGS} group by cause, posting)
      select coalesce(o.id, p.cause) as entry, coalesce(o.posting, p.posting) as posting, o.amount as owed, p.amount as posted, p.times
        from owed o full join posted p on p.cause = o.id and p.posting = o.posting
       where o.id is null or p.cause is null or p.times <> 1 or o.amount <> p.amount`,
  },
  {
    id: 'I16',
    sentence:
      'The entries of a payment come to what evidence says was paid, and those of a refund to what went back, and came back.',
    sql: `
      with entries as (
        select merchant, attempt, refund, transaction, case when refund is null then 'paid' when direction = 'credit' then 'refund-failed' else 'refunded' end as said, sum(amount) as amount
          from {{brand}}.bank_entry where state = 'matched' and (transaction is not null or refund is not null)
         group by merchant, attempt, refund, transaction, said),
      told as (
        select merchant, attempt, refund, case when refund is null then transaction end as transaction, said, sum(amount) as amount
          from {{brand}}.evidence where provider = 'bank' and kind = 'statement' group by 1, 2, 3, 4, 5)
      select coalesce(e.attempt, t.attempt) as attempt, coalesce(e.transaction, t.transaction) as transaction, e.amount as entries, t.amount as told
        from entries e
        full join told t on t.merchant = e.merchant and t.attempt = e.attempt and t.said = e.said
          and t.refund is not distinct from e.refund and t.transaction is not distinct from e.transaction
       where e.amount is null or t.amount is null or e.amount <> t.amount`,
  },
  {
    id: 'I16',
    sentence: 'Every bank statement has brought the entries that it says it has.',
    sql: `
      select s.id as statement, s.added, count(e.id) as found from {{brand}}.bank_statement s
        left join {{brand}}.bank_entry e on e.statement = s.id group by s.id, s.added having count(e.id) <> s.added`,
  },
  {
    id: 'I16',
    sentence: 'What left the account for a transfer that was given back is what had come.',
    sql: `
      select r.id as returned, d.id as debit, r.amount, d.amount as left from {{brand}}.bank_entry d
        join {{brand}}.bank_entry r on r.merchant = d.merchant and r.return_reference = d.return_reference and r.state = 'returned'
       where d.direction = 'debit' and d.state = 'matched' and d.amount <> r.amount`,
  },
]
