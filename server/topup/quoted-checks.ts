import type { Check } from '../platform/check.ts'
import { ASKED_BACK, EACH_WAY } from './fx-position-store.ts'

/** What orders that were paid in another currency owe to fsck. */
export const quotedChecks: readonly Check[] = [
  {
    id: 'I4',
    sentence:
      'An order that was paid under a quote is that quote’s, took in what its payment did, in its own currency at the quoted rate, and has given back what its refunds did.',
    sql: `
      with taken as (
        select t.cause, sum(t.amount) as amount from {{brand}}.transfer t join {{brand}}.account c on c.id = t.debit_account
         where c.kind = 'provider-clearing' and t.posting in ('fx-paid', 'paid-and-held') group by t.cause),
      sent as (
        select cause, sum(case posting when 'refund-sent' then amount else -amount end) as sent
          from {{brand}}.transfer where posting in ('refund-sent', 'refund-returned') group by cause),
      back as (
        select r.order_id, sum(r.order_amount) as of_order, sum(r.amount) as amount, sum(t.sent) as sent
          from {{brand}}.refund r left join sent t on t.cause = r.id
         where r.state = 'done' and r.reason <> 'paid-twice' group by r.order_id)
      select o.id as order_id, q.id as quote, q.order_id as quoted, o.price, q.amount as quoted_amount, a.amount as asked_for, a.captured,
             o.captured as of_order, taken.amount as taken, o.refunded, back.of_order as back, back.amount as back_paid, back.sent
        from {{brand}}.top_up o join {{brand}}.attempt a on a.id = o.attempt join {{brand}}.quote q on q.id = a.quote
        left join taken on taken.cause = o.id left join back on back.order_id = o.id
       where q.order_id <> o.id or a.amount <> q.amount or a.currency <> q.pay_currency
          or o.captured <> greatest(1, div(q.price::numeric * a.captured, q.amount)) or taken.amount is distinct from a.captured
          or o.credited_at is not null and (a.captured <> q.amount or a.captured_currency <> q.pay_currency)
          or o.refunded <> coalesce(back.of_order, 0) or coalesce(back.amount, 0) <> coalesce(back.sent, 0)
          or o.captured = o.refunded and back.amount <> a.captured`,
  },
  {
    id: 'I6',
    sentence:
      'Every position in a currency is explained: by orders credited at their quotes, by refunds of those and disputes about them at the same rate, and by exchanges.',
    sql: `
      with ${ASKED_BACK}, ${EACH_WAY},
      explained as (
        select order_id, currency, sum(moved) as moved from each_way group by 1, 2
        union all
        select id, pay_currency, amount from {{brand}}.fx_exchange
        union all
        select x.id, c.currency, -x.worth from {{brand}}.fx_exchange x
          cross join (select currency from {{brand}}.account where kind = 'fx-gain-loss') c),
      posted as (
        select coalesce(r.order_id, d.order_id, e.cause) as order_id, c.currency, sum(e.debit - e.credit) as moved
          from {{brand}}.entry e join {{brand}}.account c on c.id = e.account
          left join {{brand}}.refund r on r.id = e.cause left join {{brand}}.dispute d on d.id = e.cause
         where c.kind = 'fx-position' group by 1, 2)
      select order_id as cause, currency, x.moved as explained, p.moved as posted
        from explained x full join posted p using (order_id, currency)
       where coalesce(x.moved, 0) <> coalesce(p.moved, 0)`,
  },
  {
    id: 'I6',
    sentence:
      'What an exchange says was given and came is what left the bank in one currency and came to it in the other, and nothing else was.',
    sql: `
      with posted as (
        select t.cause, sum(t.amount) filter (where t.posting = 'fx-exchanged') as given,
               sum(t.amount) filter (where t.posting = 'fx-realised' and d.kind = 'bank') as received,
               bool_and(t.posting = 'fx-realised' or c.currency = x.pay_currency) as right_currency
          from {{brand}}.transfer t join {{brand}}.account c on c.id = t.credit_account join {{brand}}.account d on d.id = t.debit_account
          left join {{brand}}.fx_exchange x on x.id = t.cause
         where t.posting in ('fx-exchanged', 'fx-realised') group by t.cause)
      select coalesce(x.id, p.cause) as exchange, x.reference, x.amount, p.given, x.received, p.received as came
        from {{brand}}.fx_exchange x full join posted p on p.cause = x.id
       where x.id is null or x.amount <> coalesce(p.given, 0) or x.received <> coalesce(p.received, 0) or p.right_currency is false`,
  },
  {
    id: 'I6',
    sentence:
      'What disputes and refunds have taken of a quoted payment, in the order’s currency and of its margin, is what the quote makes of all that is back with its payer, to less than a minor unit for each of them.',
    sql: `
      with standing as (
        select a.id as attempt, d.transaction, d.transaction = a.transaction and o.attempt = a.id as counted, count(*) as n,
               sum(d.amount) as amount, sum(d.order_amount) as of_order, sum(d.margin_taken) as margin
          from {{brand}}.dispute d join {{brand}}.attempt a on a.id = d.attempt join {{brand}}.top_up o on o.id = d.order_id
         where d.posted in ('disputed', 'reversed') and a.quote is not null
         group by 1, 2, 3),
      back as (
        select r.attempt, r.transaction, count(*) as refunds, coalesce(sum(r.amount) filter (where r.state = 'done'), 0) as amount
          from {{brand}}.refund r where r.reason <> 'paid-twice' group by 1, 2),
      payment as (
        select s.attempt, s.transaction, s.n, coalesce(b.refunds, 0) as refunds, s.margin, a.captured as paid, o.captured as whole,
               s.amount + coalesce(b.amount, 0) as amount, s.of_order + o.refunded as of_order, o.refunded,
               case when o.credited_at is null then 0 else q.margin end as most
          from standing s join {{brand}}.attempt a on a.id = s.attempt join {{brand}}.quote q on q.id = a.quote
          join {{brand}}.top_up o on o.id = a.order_id left join back b on b.attempt = s.attempt and b.transaction = s.transaction
         where s.counted
        union all
        select s.attempt, s.transaction, s.n, 0, s.margin, q.amount, q.price, s.amount, s.of_order, 0, 0
          from standing s join {{brand}}.attempt a on a.id = s.attempt join {{brand}}.quote q on q.id = a.quote where not s.counted)
      select attempt, transaction, paid, amount, whole, of_order, most, margin from payment
       where abs(whole::numeric * amount - of_order * paid) >= n * paid + refunds * whole
          or abs(div(most::numeric * least(of_order, whole), whole) - div(most::numeric * refunded, whole) - margin) > n + refunds - 1`,
  },
  {
    id: 'I10',
    sentence: 'A refund of a quoted order pays back what the quote makes of its part.',
    sql: `
      with ${ASKED_BACK}
      select id as refund, quote, order_id, order_amount, amount, up_to from asked
       where amount <> div(paid::numeric * up_to + price - 1, price) - div(paid::numeric * (up_to - order_amount) + price - 1, price)`,
  },
]
