import type { Check } from '../platform/check.ts'

/** Refunds that people asked for of quoted orders, with what had gone back up to and with each, and before it. */
const ASKED_BACK = `
  asked as (
    select r.id, r.amount, r.order_amount, r.state, q.id as quote, q.price, q.amount as paid, q.margin, q.currency, q.pay_currency,
           sum(r.order_amount) over (partition by r.order_id order by r.id) as up_to
      from {{brand}}.refund r join {{brand}}.attempt a on a.id = r.attempt join {{brand}}.quote q on q.id = a.quote
     where r.reason in ('asked-by-payer', 'asked-by-staff'))`

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
      'Every position in a currency is explained: by orders credited at their quotes, and by refunds of those at the same rate.',
    sql: `
      with ${ASKED_BACK},
      explained as (
        select o.id as cause, q.pay_currency as currency, -q.amount as moved
          from {{brand}}.top_up o join {{brand}}.attempt a on a.id = o.attempt join {{brand}}.quote q on q.id = a.quote
         where o.credited_at is not null
        union all
        select o.id, q.currency, q.price + q.margin
          from {{brand}}.top_up o join {{brand}}.attempt a on a.id = o.attempt join {{brand}}.quote q on q.id = a.quote
         where o.credited_at is not null
        union all
        select id, pay_currency, div(paid::numeric * up_to + price - 1, price) - div(paid::numeric * (up_to - order_amount) + price - 1, price)
          from asked
        union all
        select id, currency, -(order_amount + div(margin::numeric * up_to, price) - div(margin::numeric * (up_to - order_amount), price))
          from asked),
      posted as (
        select e.cause, c.currency, sum(e.debit - e.credit) as moved
          from {{brand}}.entry e join {{brand}}.account c on c.id = e.account
         where e.posting like 'fx-%' and c.kind = 'fx-position' group by 1, 2)
      select cause, currency, x.moved as explained, p.moved as posted
        from explained x full join posted p using (cause, currency)
       where x.moved is distinct from p.moved`,
  },
  {
    id: 'I10',
    sentence: 'A refund of a quoted order pays back what the quote makes of its part.',
    sql: `
      with ${ASKED_BACK}
      select id as refund, quote, order_amount, amount, up_to from asked
       where amount <> div(paid::numeric * up_to + price - 1, price) - div(paid::numeric * (up_to - order_amount) + price - 1, price)`,
  },
]
