import type { BusinessFigure } from '../platform/business-figure.ts'

/** What an operator watches between subscribers and providers. */
export const businessFigures: readonly BusinessFigure[] = [
  {
    name: 'baohao_evidence_waiting',
    help: 'Evidence of a payment of ours that is not applied yet.',
    labels: [],
    sql: `select count(*)::int as value from {{brand}}.evidence where applied_at is null and attempt is not null`,
    values: [],
  },
  {
    name: 'baohao_evidence_waiting_oldest_seconds',
    help: 'Age of the oldest evidence that is not applied yet.',
    labels: [],
    sql: `select coalesce(extract(epoch from $1::timestamptz - min(received_at)), 0)::float8 as value
      from {{brand}}.evidence where applied_at is null and attempt is not null`,
    values: ['now'],
  },
  {
    name: 'baohao_evidence_orphans',
    help: 'Evidence that speaks of no payment of ours and waits for a person.',
    labels: [],
    sql: `select count(*)::int as value from {{brand}}.evidence where attempt is null`,
    values: [],
  },
  {
    name: 'baohao_refunds_open',
    help: 'Refunds that are not done, by state.',
    labels: ['state'],
    sql: `select state, count(*)::int as value from {{brand}}.refund where next_try_at is not null group by state`,
    values: [],
  },
  {
    name: 'baohao_refunds_open_oldest_seconds',
    help: 'Age of the oldest refund that is not done.',
    labels: [],
    sql: `select coalesce(extract(epoch from $1::timestamptz - min(requested_at)), 0)::float8 as value
      from {{brand}}.refund where next_try_at is not null`,
    values: ['now'],
  },
]
