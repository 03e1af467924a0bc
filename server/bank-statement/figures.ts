import type { BusinessFigure } from '../platform/business-figure.ts'

/** What whoever looks after the bank account watches. */
export const bankStatementFigures: readonly BusinessFigure[] = [
  {
    name: 'baohao_bank_entries_open',
    help: 'Entries of bank accounts that wait for a person, by reason.',
    labels: ['reason'],
    sql: `select reason, count(*)::int as value from {{brand}}.bank_entry where state = 'open' group by reason`,
    values: [],
  },
  {
    name: 'baohao_bank_entries_open_oldest_seconds',
    help: 'Age of the oldest of them.',
    labels: [],
    sql: `select coalesce(extract(epoch from $1::timestamptz - min(s.imported_at)), 0)::float8 as value
      from {{brand}}.bank_entry e join {{brand}}.bank_statement s on s.id = e.statement where e.state = 'open'`,
    values: ['now'],
  },
]
