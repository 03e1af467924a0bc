import type { BusinessFigure } from '../platform/business-figure.ts'

const OPEN = `state in ('awaiting-payment', 'paid', 'held', 'refunding')`

/** What an operator watches of orders. */
export const businessFigures: readonly BusinessFigure[] = [
  {
    name: 'baohao_orders_open',
    help: 'Orders whose end is still to come, by state.',
    labels: ['state'],
    sql: `select state, count(*)::int as value from {{brand}}.top_up where ${OPEN} group by state`,
    values: [],
  },
  {
    name: 'baohao_orders_open_oldest_seconds',
    help: 'Age of the oldest order of a state whose end is still to come.',
    labels: ['state'],
    sql: `select state, extract(epoch from $1::timestamptz - min(placed_at))::float8 as value
      from {{brand}}.top_up where ${OPEN} group by state`,
    values: ['now'],
  },
  {
    name: 'baohao_disputes_open',
    help: 'Payments that payers’ banks have taken back and not decided about.',
    labels: [],
    sql: `select count(*)::int as value from {{brand}}.dispute where posted = 'disputed' or said <> posted`,
    values: [],
  },
  {
    name: 'baohao_messages_owed',
    help: 'Orders that owe a message which is not handed to the senders yet.',
    labels: [],
    sql: `select count(*)::int as value from {{brand}}.top_up where message_state = 1`,
    values: [],
  },
]
