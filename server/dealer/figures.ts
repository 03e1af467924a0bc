import type { BusinessFigure } from '../platform/business-figure.ts'

/** What an operator watches of dealers. */
export const businessFigures: readonly BusinessFigure[] = [
  {
    name: 'baohao_dealer_floats_low',
    help: 'Active dealers whose float does not cover the dearest offer of today any more.',
    labels: [],
    sql: `select count(*)::int as value from {{brand}}.dealer d
      join {{brand}}.account a on a.kind = 'dealer-float' and a.subject = d.id::text
      where d.status = 'active' and a.balance - a.floor < (
        select coalesce(max(o.price), 0) from {{brand}}.offer o where o.version = (
          select version from {{brand}}.price_table where valid_from <= $1::date
          order by valid_from desc, version desc limit 1))`,
    values: ['today'],
  },
]
