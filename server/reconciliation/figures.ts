import type { BusinessFigure } from '../platform/business-figure.ts'

/** What whoever keeps the books watches between providers' bills and ours. */
export const reconciliationFigures: readonly BusinessFigure[] = [
  {
    name: 'baohao_breaks_open',
    help: 'Differences between bills and books that nobody has closed, by class.',
    labels: ['class'],
    sql: `select class, count(*)::int as value from {{brand}}.bill_break where closed_at is null group by class`,
    values: [],
  },
  {
    name: 'baohao_breaks_open_oldest_seconds',
    help: 'Age of the oldest of them.',
    labels: [],
    sql: `select coalesce(extract(epoch from $1::timestamptz - min(opened_at)), 0)::float8 as value
      from {{brand}}.bill_break where closed_at is null`,
    values: ['now'],
  },
]
