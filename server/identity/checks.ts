/** What `baohao fsck` holds against the tables of this room: each query answers the rows that break its sentence. */
export const identityChecks = [
  {
    id: 'ID1',
    sentence: 'whoever has an account has accepted a version of the terms',
    sql: `
      select l.id from {{brand}}.log_in l
      where not exists (select from {{brand}}.terms_acceptance t where t.log_in = l.id)`,
  },
  {
    id: 'ID2',
    sentence: 'a closed account has no session',
    sql: `
      select s.id, s.log_in from {{brand}}.session s
      join {{brand}}.log_in l on l.id = s.log_in where l.disabled_at is not null`,
  },
  {
    id: 'ID3',
    sentence: 'keys of one principal sell for one dealer',
    sql: `
      select principal, array_agg(id) as keys from {{brand}}.api_key
      group by principal having count(distinct coalesce(dealer::text, '')) > 1`,
  },
] as const
