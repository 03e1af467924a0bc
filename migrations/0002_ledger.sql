-- owner: ledger
-- Every account but the lines': system accounts (one per kind, subject and currency) and dealers' floats.
create table {{brand}}.account (
  id uuid primary key,
  kind text not null,
  subject text not null default '',
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- debit: assets and expenses; credit: liabilities, income and equity. The balance is on that side.
  nature text not null check (nature in ('debit', 'credit')),
  balance bigint not null default 0,
  -- The balance may not fall below this; null means it may go anywhere.
  floor bigint check (floor <= 0),
  created_at timestamptz not null,
  unique (kind, subject, currency),
  constraint account_floor check (balance >= floor)
) with (fillfactor = 50);

-- The subscriber's money, one account per line and epoch. paid + bonus is money without an end date; lots hold the rest.
create table {{brand}}.line_account (
  id uuid primary key,
  line uuid not null,
  epoch integer not null check (epoch >= 1),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  balance bigint not null default 0,
  paid bigint not null default 0,
  bonus bigint not null default 0,
  -- What the endless paid credit was bought for: a refund pays back at this ratio.
  paid_cost bigint not null default 0,
  unique (line, epoch),
  constraint line_account_floor check (balance >= 0 and paid >= 0 and bonus >= 0 and paid_cost between 0 and paid)
) with (fillfactor = 60);

-- The journal: the only table that says money moved. account is told from line_account by id alone: ids are unique over both.
create table {{brand}}.transfer (
  id uuid not null,
  debit_account uuid not null,
  credit_account uuid not null,
  amount bigint not null check (amount > 0),
  debit_after bigint not null,
  credit_after bigint not null,
  posting text not null,
  -- The order, job or import that moved the money.
  cause uuid not null,
  corrects uuid,
  -- The transfer into a holding account (topup-suspense, refund-clearing) that this one posts or voids: once.
  pending_of uuid,
  event_at timestamptz not null,
  created_at timestamptz not null,
  -- By cause first: what a cause moved is asked for, a transfer by its id alone hardly ever; one index instead of two.
  primary key (cause, id),
  constraint transfer_sides check (debit_account <> credit_account)
);
create unique index transfer_pending_of on {{brand}}.transfer (pending_of) where pending_of is not null;
create index transfer_corrects on {{brand}}.transfer (corrects) where corrects is not null;

-- One lot per line, epoch, kind and end date. Money lots count into line-balance; allowance lots count beside it.
create table {{brand}}.lot (
  line uuid not null,
  epoch integer not null,
  kind text not null check (kind in ('paid', 'bonus', 'voice-seconds', 'sms', 'data-bytes', 'roaming-voice-seconds', 'roaming-sms', 'roaming-data-bytes')),
  until date not null,
  granted bigint not null check (granted > 0),
  remaining bigint not null check (remaining >= 0 and remaining <= granted),
  cost bigint not null default 0 check (cost >= 0),
  primary key (line, epoch, kind, until)
);

-- What a sold package still owes: its price is earned day by day, never on the day of sale.
create table {{brand}}.package_term (
  id uuid primary key,
  cause uuid not null unique,
  line uuid not null,
  epoch integer not null,
  price bigint not null check (price >= 0),
  earned bigint not null default 0 check (earned >= 0),
  first_day date not null,
  until date not null check (until > first_day),
  -- The next day not yet earned; equal to until when all is earned.
  earned_until date not null,
  constraint package_term_earned check (earned <= price and earned_until between first_day and until)
);
create index package_term_due on {{brand}}.package_term (earned_until) where earned_until < until;

-- Both sides of every transfer, for people and for fsck: the sign is + on the account's natural side only after joining it.
create view {{brand}}.entry as
  select id as transfer, debit_account as account, amount as debit, 0::bigint as credit, debit_after as after, posting, cause, event_at from {{brand}}.transfer
  union all
  select id, credit_account, 0, amount, credit_after, posting, cause, event_at from {{brand}}.transfer;

grant select, insert, update on {{brand}}.account, {{brand}}.line_account, {{brand}}.lot, {{brand}}.package_term to {{app}};
grant select, insert on {{brand}}.transfer to {{app}};
grant select on {{brand}}.entry to {{app}};
grant select on {{brand}}.account, {{brand}}.line_account, {{brand}}.lot, {{brand}}.package_term, {{brand}}.transfer, {{brand}}.entry to {{auditor}};
