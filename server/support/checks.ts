/** What `baohao fsck` holds against the tables of this room: each query answers the rows that break its sentence. */
export const supportChecks = [
  {
    id: 'SP1',
    sentence: 'a case about an order is its caller’s own order',
    sql: `
      select c.id as case_id, c.caller, o.caller as order_caller
        from {{brand}}.support_case c left join {{brand}}.top_up o on o.id = c.top_up
       where c.top_up is not null and o.caller is distinct from c.caller`,
  },
] as const
