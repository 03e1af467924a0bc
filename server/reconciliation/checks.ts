import type { Check } from '../platform/check.ts'
import { railZones } from './bill.ts'
import { billedMerchants, unexplainedRows } from './match-store.ts'

/**
 * What moved each clearing account, by what the rooms say of it and by the ledger's transfers. Payments that came second stand in
 * no attempt where they came under the number of the first, only in the refund that gives them back.
 */
const CLEARING = `
  with told as (
    select a.provider || ':' || a.merchant as subject, 'payments' as of, sum(a.captured) as amount
      from {{brand}}.attempt a where a.state = 'captured' group by 1
    union all
    select a.provider || ':' || a.merchant, 'payments', sum(f.amount)
      from {{brand}}.refund f join {{brand}}.attempt a on a.id = f.attempt
     where f.reason = 'paid-twice' and a.transaction is distinct from f.transaction group by 1
    union all
    select a.provider || ':' || a.merchant, 'refunds', sum(f.amount)
      from {{brand}}.refund f join {{brand}}.attempt a on a.id = f.attempt where f.state = 'done' group by 1
    union all
    select provider || ':' || merchant, 'disputes', sum(amount) from {{brand}}.dispute where posted in ('disputed', 'reversed') group by 1
    union all
    select provider || ':' || merchant, 'fees', sum(fee - fee_returned) from {{brand}}.bill where matched_at is not null group by 1
    union all
    select provider || ':' || merchant, 'settled', sum(amount) from {{brand}}.settlement group by 1
    union all
    select provider || ':' || merchant, 'breaks', sum(difference) from {{brand}}.bill_break where entry is not null group by 1),
  posted as (
    select a.subject, case
        when e.posting in ('online-top-up', 'online-package', 'paid-and-held', 'fx-paid') then 'payments'
        when e.posting in ('refund-sent', 'refund-returned') then 'refunds'
        when e.posting in ('payment-disputed', 'dispute-returned', 'fx-disputed', 'fx-reinstated') then 'disputes'
        when e.posting in ('provider-fee', 'provider-fee-returned') then 'fees'
        when e.posting = 'provider-settled' then 'settled'
        when e.posting in ('clearing-received', 'clearing-written-off') then 'breaks' end as of,
      e.debit - e.credit as moved
      from {{brand}}.entry e join {{brand}}.account a on a.id = e.account where a.kind = 'provider-clearing'),
  both_sides as (
    select subject, of, amount, 0 as posted from told
    union all
    select subject, of, 0, case when of in ('payments', 'breaks') then moved else -moved end from posted where of is not null)
  select subject as clearing_account, of, sum(amount) as told, sum(posted) as posted
    from both_sides group by subject, of having sum(amount) <> sum(posted)`

/** What this room owes to fsck. */
export const reconciliationChecks: readonly Check[] = [
  {
    id: 'I6',
    sentence:
      'Each clearing account is explained: by payments, refunds, disputes, billed fees, settlements and breaks closed by an entry, each as posted.',
    sql: CLEARING,
  },
  {
    id: 'I16',
    sentence: 'Every bill has the rows it was read with, and they come to what it says.',
    sql: `
      select coalesce(b.id, r.bill) as bill, b.rows, r.n as found, b.paid, r.paid as found_paid, b.refunded, r.refunded as found_refunded,
             b.fee - b.fee_returned as fee, r.fee as found_fee
        from {{brand}}.bill b
        full join (select bill, count(*) as n, coalesce(sum(amount) filter (where kind = 'payment'), 0) as paid,
                          coalesce(sum(amount) filter (where kind in ('refund', 'revocation')), 0) as refunded, sum(fee) as fee
                     from {{brand}}.bill_row group by bill) r on r.bill = b.id
       where b.id is null or b.rows <> coalesce(r.n, 0) or b.paid <> coalesce(r.paid, 0) or b.refunded <> coalesce(r.refunded, 0)
          or b.fee - b.fee_returned <> coalesce(r.fee, 0)`,
  },
  {
    id: 'I16',
    sentence:
      'Each row of a matched bill agrees with payments, refunds and the ledger, or is in a break that has an owner.',
    async find(db) {
      const found = []
      for (const merchant of await billedMerchants(db))
        found.push(...(await unexplainedRows(db, { ...merchant, zone: railZones[merchant.provider] })))
      return found.map((row) => ({ ...row }))
    },
  },
  {
    id: 'I16',
    sentence: 'What a break was closed by is in the ledger, once and whole, and nothing else is.',
    sql: `
      select coalesce(k.id, t.cause) as break, k.class, k.difference, t.moved
        from (select * from {{brand}}.bill_break where entry is not null) k
        full join (select e.cause, sum(e.debit - e.credit) as moved from {{brand}}.entry e join {{brand}}.account a on a.id = e.account
                    where a.kind = 'provider-clearing' and e.posting in ('clearing-received', 'clearing-written-off')
                    group by e.cause) t on t.cause = k.entry
       where k.id is null or t.cause is null or k.difference <> t.moved`,
  },
]
