import type { BusinessFigure } from '../platform/business-figure.ts'

/** What an operator watches of messages. */
export const businessFigures: readonly BusinessFigure[] = [
  {
    name: 'baohao_messages_open',
    help: 'Messages not sent yet, by channel and state.',
    labels: ['channel', 'state'],
    sql: `select channel, state, count(*)::int as value from {{brand}}.message
      where state in ('queued', 'sending', 'unknown') group by channel, state`,
    values: [],
  },
  {
    name: 'baohao_messages_oldest_due_seconds',
    help: 'For how long the message that waits longest has been due, by channel.',
    labels: ['channel'],
    sql: `select channel, extract(epoch from $1::timestamptz - min(due_at))::float8 as value from {{brand}}.message
      where state in ('queued', 'sending', 'unknown') and due_at <= $1::timestamptz group by channel`,
    values: ['now'],
  },
]
