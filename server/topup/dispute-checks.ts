import type { Check } from '../platform/check.ts'

/** What unspent credit of the order left by, and what waits came by. */
const TAKEN = `t.posting in ('payment-disputed', 'fx-payment-disputed')`

/** Of each dispute, what its postings moved: `taken` in the currency that was paid, else in the order's. */
const MOVED = `
  select t.cause,
         sum(t.amount) filter (where ${TAKEN} and l.id is not null and c.kind in ('provider-clearing', 'fx-position')) as cost,
         sum(t.amount) filter (where ${TAKEN} and l.id is not null) as face,
         sum(t.amount) filter (where t.posting = 'bonus-taken-back') as bonus,
         sum(t.amount) filter (where ${TAKEN} and d.kind = 'dispute-clearing') as open,
         sum(t.amount) filter (where t.posting = 'fx-payment-disputed' and d.kind = 'fx-margin') as margin,
         coalesce(sum(t.amount) filter (where t.posting = 'fx-payment-disputed' and c.kind = 'fx-position'), 0)
           - coalesce(sum(t.amount) filter (where t.posting = 'fx-dispute-returned' and d.kind = 'fx-position'), 0) as exchanged,
         sum(t.amount) filter (where t.posting = 'charge-back' and d.kind = 'deferred-revenue') as unbegun,
         sum(t.amount) filter (where t.posting = 'charge-back' and d.kind = 'subscriber-receivable') as owed,
         sum(t.amount) filter (where t.posting in ('refund-charged-back', 'fx-refund-charged-back') and c.kind = 'dispute-clearing') as covered,
         coalesce(sum(t.amount) filter (where c.kind = 'provider-clearing'), 0)
           - coalesce(sum(t.amount) filter (where d.kind = 'provider-clearing'), 0) as taken
    from {{brand}}.transfer t
    left join {{brand}}.account d on d.id = t.debit_account
    left join {{brand}}.account c on c.id = t.credit_account
    left join {{brand}}.line_account l on l.id = t.debit_account
   where t.posting in ('payment-disputed', 'charge-back', 'refund-charged-back', 'dispute-returned', 'fx-disputed', 'fx-payment-disputed',
       'fx-refund-charged-back', 'fx-reinstated', 'fx-dispute-returned')
      or t.posting = 'bonus-taken-back' and exists (select from {{brand}}.dispute where id = t.cause)
   group by t.cause`

/** What disputes, and what is owed, owe to fsck. */
export const disputeChecks: readonly Check[] = [
  {
    id: 'I6',
    sentence:
      'What a dispute took is what its postings moved: its amount while the payer’s bank has it, nothing once it is given back; and of a payment in another currency its part of the order, with the margin of that, through the position.',
    sql: `
      with moved as (${MOVED})
      select coalesce(d.id, m.cause) as dispute, d.number, d.posted, d.amount, m.taken, d.cost_taken, m.cost, d.face_taken, m.face,
             d.bonus_taken, m.bonus, d.undecided, m.open, d.unbegun_taken, m.unbegun, d.owed, m.owed as posted_owed, d.covered, m.covered as posted_covered,
             d.order_amount, d.margin_taken, m.margin, m.exchanged
        from (select d.*, a.quote from {{brand}}.dispute d left join {{brand}}.attempt a on a.id = d.attempt) d full join moved m on m.cause = d.id
       where d.id is null or d.margin_taken <> coalesce(m.margin, 0)
          or coalesce(m.exchanged, 0) <> case when d.quote is not null and d.posted in ('disputed', 'reversed') then d.order_amount + d.margin_taken else 0 end
          or d.quote is null and d.posted in ('disputed', 'reversed') and d.order_amount <> d.amount
          or coalesce(m.taken, 0) <> case when d.posted in ('disputed', 'reversed') then d.amount else 0 end
          or d.cost_taken <> coalesce(m.cost, 0) or d.face_taken <> coalesce(m.face, 0) or d.bonus_taken <> coalesce(m.bonus, 0)
          or d.undecided <> case d.posted when 'disputed' then coalesce(m.open, 0) else 0 end
          or d.unbegun_taken <> coalesce(m.unbegun, 0) or d.owed <> coalesce(m.owed, 0)
          or d.covered <> coalesce(m.covered, 0)`,
  },
  {
    id: 'I6',
    sentence: 'What waits in dispute-clearing is what the disputes that are not decided say.',
    sql: `
      select a.id as account, a.balance, coalesce(d.undecided, 0) as undecided
        from {{brand}}.account a cross join (select sum(undecided) as undecided from {{brand}}.dispute) d
       where a.kind = 'dispute-clearing' and a.balance <> coalesce(d.undecided, 0)`,
  },
  {
    id: 'I6',
    sentence: 'What an order says was taken back is what the disputes about the payment that counts took.',
    sql: `
      with standing as (
        select d.order_id, sum(d.order_amount) as amount from {{brand}}.dispute d join {{brand}}.top_up o on o.id = d.order_id
          join {{brand}}.attempt a on a.id = d.attempt
         where d.posted in ('disputed', 'reversed') and o.attempt = d.attempt and a.transaction = d.transaction group by d.order_id)
      select o.id as order_id, o.state, o.reversed, s.amount as disputed
        from {{brand}}.top_up o left join standing s on s.order_id = o.id where o.reversed <> coalesce(s.amount, 0)`,
  },
  {
    id: 'I6',
    sentence:
      'What each line owes is what disputes about its orders left owed, less what its top-ups paid and banks gave back; all lines together owe what the ledger says.',
    sql: `
      with debt as (
        select coalesce(l.line, o.line) as line, coalesce(l.epoch, o.epoch) as epoch,
               sum(case when t.debit_account = a.id then t.amount else -t.amount end) as owed
          from {{brand}}.account a
          join {{brand}}.transfer t on a.id in (t.debit_account, t.credit_account)
          left join {{brand}}.line_account l on l.id = t.debit_account
          left join {{brand}}.dispute d on d.id = t.cause
          left join {{brand}}.top_up o on o.id = d.order_id
         where a.kind = 'subscriber-receivable' and t.posting in ('charge-back', 'dispute-returned', 'owed-settled')
         group by 1, 2)
      select coalesce(l.line, d.line)::text as line, coalesce(l.epoch, d.epoch) as epoch, l.owed, d.owed as posted
        from (select * from {{brand}}.line_account where owed <> 0) l full join debt d on d.line = l.line and d.epoch = l.epoch
       where coalesce(l.owed, 0) <> coalesce(d.owed, 0)
      union all
      select a.id::text, null, s.owed, a.balance
        from {{brand}}.account a cross join (select coalesce(sum(owed), 0) as owed from {{brand}}.line_account) s
       where a.kind = 'subscriber-receivable' and a.balance <> s.owed`,
  },
  {
    id: 'I6',
    sentence: 'What a dealer owes is commission taken back of its own sales, less what its loads paid.',
    sql: `
      select t.id as transfer, t.posting, t.amount, a.subject as dealer, t.cause
        from (select *, debit_account as receivable from {{brand}}.transfer where posting = 'commission-claw-back'
              union all
              select *, credit_account from {{brand}}.transfer where posting = 'dealer-owed-settled') t
        join {{brand}}.account a on a.id = t.receivable
       where a.kind = 'dealer-receivable' and not case t.posting
         when 'commission-claw-back' then exists (select from {{brand}}.refund_request q join {{brand}}.top_up o on o.id = q.order_id
           where q.id = t.cause and o.dealer::text = a.subject)
         when 'dealer-owed-settled' then exists (select from {{brand}}.transfer p join {{brand}}.account f on f.id = p.credit_account
           where p.cause = t.cause and p.posting in ('float-top-up', 'float-opening') and f.kind = 'dealer-float' and f.subject = a.subject)
         else false end`,
  },
]
