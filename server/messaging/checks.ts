/** What `baohao fsck` holds against the tables of this room: each query answers the rows that break its sentence. */
export const messagingChecks = [
  {
    id: 'M1',
    sentence: 'a message is delivered exactly when a receipt says so of each of its parts, in any copy',
    sql: `
      with part as (
        select message, part, bool_or(outcome is not distinct from 'delivered') as delivered
        from {{brand}}.message_part where message is not null group by message, part)
      select m.id, m.state from {{brand}}.message m
      left join part p on p.message = m.id
      where m.channel = 'sms' and m.state in ('sent', 'undelivered', 'delivered')
      group by m.id
      having (m.state = 'delivered') <> (count(p.part) = m.parts and coalesce(bool_and(p.delivered), false))`,
  },
  {
    id: 'M2',
    sentence: 'no secret outlives the sending of its message',
    sql: `
      select id, state from {{brand}}.message
      where state not in ('queued', 'sending', 'unknown') and octet_length(sealed) > 0`,
  },
] as const
