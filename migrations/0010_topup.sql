-- owner: topup
-- The order. One row plays several roles, so that a top-up costs one insert: it is its own idempotency key and request
-- hash, its receipt, its line event (until_before, until) and its message intent. fsck proves each role.
create table {{brand}}.top_up (
  id uuid primary key,
  caller uuid not null,
  line uuid not null,
  offer uuid not null,
  dealer uuid,
  price bigint not null check (price >= 0),
  face bigint not null check (face >= 0),
  bonus bigint not null check (bonus >= 0),
  commission bigint not null default 0 check (commission >= 0),
  -- Of the one payment that counts; a second payment is refunded by itself and never counted here.
  captured bigint not null default 0 check (captured >= 0),
  refunded bigint not null default 0,
  receipt_no bigint,
  placed_at timestamptz not null,
  credited_at timestamptz,
  -- The business instant of crediting: prices, validity and receipts go by it.
  event_at timestamptz,
  pay_by timestamptz,
  expired_at timestamptz,
  decide_by timestamptz,
  reversed_at timestamptz,
  epoch integer not null,
  -- The number clock before and after, as the policy reads it; null where it never ends.
  until_before date,
  until date,
  -- 0: no message is owed; 1: owed; 2: handed to messaging.
  message_state smallint not null default 0 check (message_state between 0 and 2),
  kind text not null check (kind in ('online', 'agent')),
  state text not null check (state in ('awaiting-payment', 'paid', 'credited', 'held', 'refunding', 'refunded', 'refund-abnormal', 'reversed', 'expired')),
  offer_kind text not null check (offer_kind in ('package', 'denomination', 'free-amount')),
  held_reason text,
  refunds_open boolean not null default false,
  refund_abnormal boolean not null default false,
  receipt_series text,
  key text not null,
  hash bytea not null,
  -- Online only: the capturing attempt, the frozen offer, who is told and in what language, what was disclosed.
  attempt uuid,
  terms jsonb,
  locale text,
  payer_msisdn text,
  validity_text text,
  validity_text_hash bytea,
  validity_days integer,
  -- A dealer's own number for the sale.
  reference text,
  constraint top_up_key unique (caller, key),
  constraint top_up_refunded check (refunded between 0 and captured),
  constraint top_up_credited check ((credited_at is null) = (receipt_no is null) and (receipt_no is null) = (receipt_series is null))
);
create index top_up_line on {{brand}}.top_up (line, id);
create unique index top_up_receipt on {{brand}}.top_up (receipt_series, receipt_no) where receipt_no is not null;
create index top_up_message on {{brand}}.top_up (id) where message_state = 1;
create index top_up_open on {{brand}}.top_up (state, coalesce(decide_by, pay_by)) where state in ('awaiting-payment', 'paid', 'held', 'refunding');

-- A no of `place` or `decide`, kept 30 days so that the same key gets the same answer.
create table {{brand}}.refusal (
  caller uuid not null,
  key text not null,
  hash bytea not null,
  code text not null,
  members jsonb not null,
  created_at timestamptz not null,
  constraint refusal_key primary key (caller, key)
);
create index refusal_age on {{brand}}.refusal (created_at);

grant select, insert, update on {{brand}}.top_up to {{app}};
grant select, insert, delete on {{brand}}.refusal to {{app}};
grant select on {{brand}}.top_up, {{brand}}.refusal to {{auditor}};
