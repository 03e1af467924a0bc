import type { Check } from '../platform/check.ts'

const EVERY_ACCOUNT = `
  select id, kind, currency, nature, balance from {{brand}}.account
  union all
  select id, 'line-balance', currency, 'credit', balance from {{brand}}.line_account`

/** The ledger's own invariants; what orders owe to it is the business of `topup`. */
export const ledgerChecks: readonly Check[] = [
  {
    id: 'I1',
    sentence: 'The two accounts of each transfer exist, differ and share its currency.',
    sql: `
      with every_account as (${EVERY_ACCOUNT})
      select t.id as transfer, t.posting, t.debit_account, t.credit_account, d.currency as debit_currency, c.currency as credit_currency
        from {{brand}}.transfer t
        left join every_account d on d.id = t.debit_account
        left join every_account c on c.id = t.credit_account
       where d.id is null or c.id is null or d.currency <> c.currency or t.debit_account = t.credit_account or t.amount <= 0`,
  },
  {
    id: 'I2',
    sentence: 'Debit balances and credit balances of the whole ledger are equal, per currency.',
    sql: `
      with every_account as (${EVERY_ACCOUNT})
      select currency, sum(balance) filter (where nature = 'debit') as debit_balances,
             sum(balance) filter (where nature = 'credit') as credit_balances
        from every_account group by currency
      having coalesce(sum(balance) filter (where nature = 'debit'), 0) <> coalesce(sum(balance) filter (where nature = 'credit'), 0)`,
  },
  {
    id: 'I3',
    sentence: 'Every stored balance is the sum of the account’s entries.',
    sql: `
      with every_account as (${EVERY_ACCOUNT}),
      sums as (select account, sum(debit) as debit, sum(credit) as credit from {{brand}}.entry group by account)
      select a.id as account, a.kind, a.balance,
             coalesce(case a.nature when 'debit' then s.debit - s.credit else s.credit - s.debit end, 0) as entries
        from every_account a left join sums s on s.account = a.id
       where a.balance <> coalesce(case a.nature when 'debit' then s.debit - s.credit else s.credit - s.debit end, 0)`,
  },
  {
    id: 'I3',
    sentence: 'A line’s balance is its endless paid and bonus credit and its money lots.',
    sql: `
      select a.line, a.epoch, a.balance, a.paid, a.bonus, coalesce(l.remaining, 0) as lots
        from {{brand}}.line_account a
        left join (select line, epoch, sum(remaining) as remaining from {{brand}}.lot where kind in ('paid', 'bonus') group by 1, 2) l
          on l.line = a.line and l.epoch = a.epoch
       where a.balance <> a.paid + a.bonus + coalesce(l.remaining, 0)`,
  },
  {
    id: 'I3',
    sentence:
      'Money held is closed once and whole: what posts or voids it moves the same amount out of the same account.',
    sql: `
      select t.id as transfer, t.posting, t.pending_of, t.amount, h.amount as held
        from {{brand}}.transfer t left join {{brand}}.transfer h on h.id = t.pending_of
       where t.pending_of is not null
         and (h.id is null or h.credit_account <> t.debit_account or h.amount <> t.amount)`,
  },
  {
    id: 'I7',
    sentence: 'No account is below its limit.',
    sql: `
      select id as account, kind, subject, balance, floor from {{brand}}.account where balance < floor
      union all
      select id, 'line-balance', line::text, balance, 0 from {{brand}}.line_account where balance < 0 or paid < 0 or bonus < 0`,
  },
  {
    id: 'I2',
    sentence: 'Deferred revenue is what sold packages have still to earn.',
    sql: `
      select a.balance as deferred, coalesce(t.open, 0) as still_to_earn
        from (select coalesce(sum(balance), 0) as balance from {{brand}}.account where kind = 'deferred-revenue') a,
             (select sum(price - earned) as open from {{brand}}.package_term) t
       where a.balance <> coalesce(t.open, 0)`,
  },
]
