import type { Check } from '../platform/check.ts'
import { accountKinds } from './account.ts'
import { type Leg, postings } from './postings.ts'

const EVERY_ACCOUNT = `
  select id, kind, currency, nature, balance from {{brand}}.account
  union all
  select id, 'line-balance', currency, 'credit', balance from {{brand}}.line_account`

/** One row of a `values` list; the words are our own and hold no quotes. */
const row = (...cells: readonly (string | boolean)[]) =>
  `(${cells.map((cell) => (typeof cell === 'string' ? `'${cell}'` : cell)).join(', ')})`

/** Kinds of the table `account`: name, nature, whether it goes without a limit. */
const KINDS = Object.entries(accountKinds)
  .filter(([kind]) => kind !== 'line-balance')
  .map(([kind, { nature, mayGoBelowZero }]) => row(kind, nature, mayGoBelowZero))
  .join(', ')

const everyLeg = Object.entries(postings).flatMap(([posting, legs]) =>
  legs.map((leg: Leg) => ({ posting, ...leg })),
)
const LEGS = [...new Set(everyLeg.map((leg) => row(leg.posting, leg.debit, leg.credit, leg.closes === true)))]
const PACKAGE_SALES = everyLeg
  .filter((leg) => leg.credit === 'deferred-revenue')
  .map((leg) => `'${leg.posting}'`)

/**
 * Ids do not tell the order in which processes committed. But where entries form one chain from zero to the balance, each
 * value but these two is left as often as it is reached, in whatever order they are read. Sums of hashes tell the accounts
 * where it is not so, at a third of the cost of counting every value; only those are counted, so that transfers are named.
 */
const CHAIN = `
  with every_account as (${EVERY_ACCOUNT}),
  step as not materialized (
    select e.transfer, e.account, e.after,
           e.after - case when a.nature = 'debit' then e.debit - e.credit else e.credit - e.debit end as before
      from {{brand}}.entry e left join {{brand}}.account a on a.id = e.account),
  moved as (
    select account, sum(hashint8extended(after, 1)::numeric - hashint8extended(before, 1)) as hash from step group by account),
  suspect as (
    select a.id as account, a.balance from every_account a left join moved m on m.account = a.id
     where coalesce(m.hash, 0) <> hashint8extended(a.balance, 1)::numeric - hashint8extended(0, 1)),
  loose as (
    select account, value, sum(reached) as reached
      from (select account, value, reached
              from suspect join step using (account) cross join lateral (values (after, 1), (before, -1)) v (value, reached)
            union all select account, value, reached
              from suspect cross join lateral (values (0, 1), (balance, -1)) v (value, reached)) ends
     group by account, value having sum(reached) <> 0)
  select l.account, l.value, l.reached, s.transfer, s.before, s.after
    from loose l left join step s on s.account = l.account and l.value in (s.before, s.after)
   order by l.account, s.transfer`

/** The ledger's own invariants; what orders owe to it is the business of `topup`. */
export const ledgerChecks: readonly Check[] = [
  {
    id: 'I1',
    sentence: 'Every account has the nature and the limit of its kind and an id of its own.',
    sql: `
      select a.id as account, a.kind, a.subject, a.nature, a.floor, l.line
        from {{brand}}.account a
        left join (values ${KINDS}) k (kind, nature, limitless) on k.kind = a.kind
        left join {{brand}}.line_account l on l.id = a.id
       where k.kind is null or a.nature <> k.nature or (a.floor is null) <> k.limitless
          or a.floor <> 0 and a.kind <> 'dealer-float' or l.id is not null`,
  },
  {
    id: 'I1',
    sentence:
      'The two accounts of each transfer exist, differ and share its currency, and are those its posting moves money between.',
    sql: `
      with every_account as (${EVERY_ACCOUNT})
      select t.id as transfer, t.posting, t.amount, t.debit_account, d.kind as debit_kind, d.currency as debit_currency,
             t.credit_account, c.kind as credit_kind, c.currency as credit_currency, t.pending_of
        from {{brand}}.transfer t
        left join every_account d on d.id = t.debit_account
        left join every_account c on c.id = t.credit_account
        left join (values ${LEGS.join(', ')}) leg (posting, debit, credit, closes)
          on leg.posting = t.posting and leg.debit = d.kind and leg.credit = c.kind and leg.closes = (t.pending_of is not null)
       where leg.posting is null or d.currency <> c.currency or t.debit_account = t.credit_account or t.amount <= 0`,
  },
  {
    id: 'I1',
    sentence: 'Every transfer has an id of its own.',
    sql: 'select id as transfer, count(*) as times from {{brand}}.transfer group by id having count(*) > 1',
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
    id: 'I2',
    sentence: 'Every package sold has a term that earns its price, and every term was sold.',
    sql: `
      select coalesce(p.cause, s.cause) as cause, p.id as package_term, p.price, s.sold
        from {{brand}}.package_term p
        full join (select cause, sum(amount) as sold from {{brand}}.transfer where posting in (${PACKAGE_SALES.join(', ')})
          and credit_account in (select id from {{brand}}.account where kind = 'deferred-revenue') group by cause) s on s.cause = p.cause
       where coalesce(p.price, 0) <> coalesce(s.sold, 0)`,
  },
  {
    id: 'I2',
    sentence: 'Every package has earned the share of its days that are over, as its transfers say.',
    sql: `
      select coalesce(p.id, e.cause) as package_term, p.price, p.first_day, p.until, p.earned_until, p.earned, p.refunded, e.posted
        from {{brand}}.package_term p
        full join (select cause, sum(amount) as posted from {{brand}}.transfer where posting = 'package-earned' group by cause) e
          on e.cause = p.id
       where coalesce(p.earned, 0) <> coalesce(e.posted, 0)
          or p.earned + p.refunded <> div(p.price::numeric * (p.earned_until - p.first_day), p.until - p.first_day)`,
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
    sentence:
      'Every account’s entries form a chain: each begins where another ended, from zero to the balance.',
    sql: CHAIN,
  },
  {
    id: 'I3',
    sentence:
      'A line’s balance is its endless paid and bonus credit and its money lots, and every lot is of a line.',
    sql: `
      select coalesce(a.line, l.line) as line, coalesce(a.epoch, l.epoch) as epoch, a.balance, a.paid, a.bonus, l.money as lots
        from {{brand}}.line_account a
        full join (select line, epoch, coalesce(sum(remaining) filter (where kind in ('paid', 'bonus')), 0) as money
                     from {{brand}}.lot group by line, epoch) l
          on l.line = a.line and l.epoch = a.epoch
       where a.id is null or a.balance <> a.paid + a.bonus + coalesce(l.money, 0)`,
  },
  {
    id: 'I3',
    sentence:
      'Money held is closed once and whole: what posts or voids it moves the same amount out of the same account.',
    sql: `
      select t.id as transfer, t.posting, t.pending_of, t.amount, h.amount as held, t.times
        from (select *, count(*) over (partition by pending_of) as times
                from {{brand}}.transfer where pending_of is not null) t
        left join {{brand}}.transfer h on h.id = t.pending_of
       where h.id is null or h.credit_account <> t.debit_account or h.amount <> t.amount or t.times > 1`,
  },
  {
    id: 'I7',
    sentence: 'No account is below its limit, and no credit cost more than its face.',
    sql: `
      select id as account, kind, subject, balance, floor, null::bigint as paid, null::bigint as bonus, null::bigint as paid_cost
        from {{brand}}.account where balance < floor
      union all
      select id, 'line-balance', line::text, balance, 0, paid, bonus, paid_cost
        from {{brand}}.line_account where balance < 0 or paid < 0 or bonus < 0 or paid_cost < 0 or paid_cost > paid`,
  },
]
