-- owner: payment
-- Our contract with a provider. Every brand has its own on every rail: pooling brands' money is unlicensed clearing.
create table {{brand}}.merchant (
  provider text not null check (provider ~ '^[a-z][a-z-]{1,20}$'),
  -- The provider's name for us: Alipay's app_id.
  id text not null check (id ~ '^[A-Za-z0-9_-]{1,64}$'),
  -- Who receives the money: Alipay's seller_id.
  seller text not null check (seller ~ '^[A-Za-z0-9_-]{1,64}$'),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  gateway text not null,
  -- Our signing key, sealed with the master key.
  private_key bytea not null,
  -- The provider's keys, newest first: two while it changes them.
  provider_keys text[] not null check (cardinality(provider_keys) between 1 and 2),
  enabled boolean not null,
  created_at timestamptz not null,
  primary key (provider, id)
);

-- One try to collect an order's money. Its id, as 26 digits, is the number the provider knows it by.
create table {{brand}}.attempt (
  id uuid primary key,
  order_id uuid not null,
  provider text not null,
  merchant text not null,
  scene text not null,
  amount bigint not null check (amount > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  state text not null check (state in ('created', 'pending', 'captured', 'closed', 'unknown')),
  caller uuid not null,
  key text not null,
  hash text not null,
  created_at timestamptz not null,
  -- The provider is told to take no money after this.
  expires_at timestamptz not null,
  -- What the first call answered, kept for replays: the way on, or why there is none.
  started jsonb,
  start_lease_until timestamptz,
  transaction text,
  captured bigint check (captured > 0),
  captured_currency text check (captured_currency ~ '^[A-Z]{3}$'),
  captured_at timestamptz,
  -- When the provider is asked next; null: never again unless a person says so.
  next_query_at timestamptz,
  query_rung smallint not null default 0,
  watched_until timestamptz,
  foreign key (provider, merchant) references {{brand}}.merchant,
  constraint attempt_key unique (caller, key),
  constraint attempt_capture check (
    num_nonnulls(transaction, captured, captured_currency, captured_at) = case state when 'captured' then 4 else 0 end
  )
) with (fillfactor = 60);
create index attempt_order on {{brand}}.attempt (order_id);
create unique index attempt_transaction on {{brand}}.attempt (provider, merchant, transaction) where transaction is not null;
create index attempt_query_due on {{brand}}.attempt (provider, merchant, next_query_at) where next_query_at is not null;

-- Whatever a provider said about a payment that is final: one row per saying, applied once.
create table {{brand}}.evidence (
  id uuid primary key,
  provider text not null,
  merchant text not null,
  kind text not null check (kind in ('notify', 'query', 'return', 'close', 'refund')),
  -- A notification's own id; else the number asked about with the state it was said to be in.
  provider_id text not null,
  -- Null: an orphan. It speaks of no attempt of ours and waits for a person.
  attempt uuid references {{brand}}.attempt,
  -- Our refund it speaks of, where it names one; not checked to be ours.
  refund uuid,
  said text not null check (said in ('paid', 'closed', 'refunded', 'refund-refused')),
  transaction text,
  amount bigint check (amount > 0),
  currency text check (currency ~ '^[A-Z]{3}$'),
  happened_at timestamptz,
  -- The provider's reason for a refusal.
  note text,
  raw bytea not null,
  fields jsonb not null,
  received_at timestamptz not null,
  applied_at timestamptz,
  constraint evidence_once unique (provider, merchant, kind, provider_id),
  constraint evidence_money check (said = 'closed' or num_nonnulls(transaction, amount, currency) = 3)
) with (fillfactor = 70);
create index evidence_inbox on {{brand}}.evidence (id) where applied_at is null and attempt is not null;
create index evidence_orphan on {{brand}}.evidence (received_at) where attempt is null;
create index evidence_attempt on {{brand}}.evidence (attempt) where attempt is not null;

-- Money on its way back to where it came from. Its id, as 26 digits, is the number every call about it carries.
create table {{brand}}.refund (
  id uuid primary key,
  order_id uuid not null,
  attempt uuid not null references {{brand}}.attempt,
  -- The provider's payment that is paid back: an order paid twice has two on one attempt.
  transaction text not null,
  amount bigint not null check (amount > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  reason text not null check (reason ~ '^[a-z][a-z-]{1,40}$'),
  automatic boolean not null,
  state text not null check (state in ('requested', 'sent', 'unknown', 'done', 'abnormal')),
  requested_at timestamptz not null,
  sent_at timestamptz,
  done_at timestamptz,
  -- The provider's reason, when it refused.
  note text,
  next_try_at timestamptz,
  tries smallint not null default 0,
  constraint refund_done check ((state in ('done', 'abnormal')) = (done_at is not null))
) with (fillfactor = 70);
create index refund_order on {{brand}}.refund (order_id);
create index refund_due on {{brand}}.refund (next_try_at) where next_try_at is not null;
-- The house refunds a payment by itself once for each reason, whatever arrives how often.
create unique index refund_automatic on {{brand}}.refund (attempt, transaction, reason) where automatic;

grant select, insert, update on {{brand}}.merchant, {{brand}}.attempt, {{brand}}.refund to {{app}};
grant select, insert, update (applied_at) on {{brand}}.evidence to {{app}};
grant select (provider, id, seller, currency, gateway, provider_keys, enabled, created_at) on {{brand}}.merchant to {{auditor}};
grant select on {{brand}}.attempt, {{brand}}.evidence, {{brand}}.refund to {{auditor}};
