import type { BusinessFigure } from '../platform/business-figure.ts'

/** What an operator watches of lines. The day a line is due is never after its number's end, so that few are looked at. */
export const businessFigures: readonly BusinessFigure[] = [
  {
    name: 'baohao_lines_ending',
    help: 'Lines whose number is lost within seven days unless somebody acts.',
    labels: [],
    sql: `select count(*)::int as value from {{brand}}.line_clock
      where next_due_on <= $1::date + 7 and standing = 'in-service' and ceased_on is null and number_anchor is not null
        and (number_anchor + make_interval(months => number_months, days => number_days))::date
          between $1::date + 1 and $1::date + 7`,
    values: ['today'],
  },
]
