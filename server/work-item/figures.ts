import type { BusinessFigure } from '../platform/business-figure.ts'

/** What whoever answers for people's work watches. */
export const workItemFigures: readonly BusinessFigure[] = [
  {
    name: 'baohao_work_items_open',
    help: 'Payments, refunds and orders that a person must look at, by kind.',
    labels: ['kind'],
    sql: `select kind, count(*)::int as value from {{brand}}.work_item where closed_at is null group by kind`,
    values: [],
  },
  {
    name: 'baohao_work_items_open_oldest_seconds',
    help: 'For how long the oldest of them has been in trouble.',
    labels: [],
    sql: `select coalesce(extract(epoch from $1::timestamptz - min(since)), 0)::float8 as value
      from {{brand}}.work_item where closed_at is null`,
    values: ['now'],
  },
]
