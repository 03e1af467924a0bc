/** What fsck proves of receipts. Each statement answers the rows that break its sentence. */
export const receiptChecks = [
  {
    id: 'I11',
    sentence: 'Receipt numbers of a series run from 1 to its last without a gap, and none is given twice.',
    sql: `
      select series, number, 'follows ' || before as problem
        from (select receipt_series as series, receipt_no as number,
                lag(receipt_no, 1, 0::bigint) over (partition by receipt_series order by receipt_no) as before
                from {{brand}}.top_up where receipt_no is not null) given
       where number <> before + 1
      union all
      select coalesce(s.key, g.series), g.last, 'but the series says ' || coalesce(s.last::text, 'nothing')
        from {{brand}}.receipt_series s
        full join (select receipt_series as series, max(receipt_no) as last
                     from {{brand}}.top_up where receipt_no is not null group by receipt_series) g on g.series = s.key
       where s.last is distinct from coalesce(g.last, 0)
       order by series, number`,
  },
] as const
