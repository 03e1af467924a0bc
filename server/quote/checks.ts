import type { Check } from '../platform/check.ts'

/** What this room owes to fsck: that a quote is what its rate makes of its price. */
export const quoteChecks: readonly Check[] = [
  {
    id: 'I6',
    sentence:
      'Every quote is its order’s price at its rate with its margin, rounded up; what that is worth above the price is its margin.',
    sql: `
      select q.id as quote, q.order_id, q.price, t.price as order_price, q.amount, q.margin
        from {{brand}}.quote q left join {{brand}}.top_up t on t.id = q.order_id
       where q.price is distinct from t.price
          or q.amount <> div(q.price::numeric * q.numerator * (10000 + q.margin_bp) + q.denominator::numeric * 10000 - 1,
               q.denominator::numeric * 10000)
          or q.margin <> div(q.amount::numeric * q.denominator, q.numerator) - q.price`,
  },
]
