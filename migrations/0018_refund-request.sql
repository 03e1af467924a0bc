-- owner: topup
-- A refund that a person asked for: the payer of an order, or staff. Above the brand's limit a second person says yes. Once begun its id
-- is the refund's own number. What it took back is kept here, so that the next one knows what is left of the order.
create table {{brand}}.refund_request (
  id uuid primary key,
  order_id uuid not null references {{brand}}.top_up,
  channel text not null check (channel in ('payer', 'staff')),
  -- At most this much goes back; `whole`: less, where less can go back by then.
  amount bigint not null check (amount > 0),
  whole boolean not null,
  -- A person has said yes to the number ending today where nothing else keeps it.
  may_end boolean not null,
  reason text not null check (length(reason) between 1 and 500),
  requested_by text not null,
  -- Who would be paid.
  beneficiary text not null,
  needs_checker boolean not null,
  state text not null check (state in ('waiting', 'approved', 'begun', 'refused', 'declined')),
  requested_at timestamptz not null,
  checked_by text,
  checked_at timestamptz,
  -- When it was begun or refused, and in which words of the error catalogue it was refused.
  decided_at timestamptz,
  refused_code text,
  -- What was taken back of the order, in minor units; zero until begun.
  refunded bigint not null default 0 check (refunded between 0 and amount),
  face_taken bigint not null default 0 check (face_taken >= 0),
  bonus_taken bigint not null default 0 check (bonus_taken >= 0),
  commission_taken bigint not null default 0 check (commission_taken >= 0),
  -- The payer's Idempotency-Key and request hash; null for staff.
  key text,
  hash bytea,
  constraint refund_request_key unique (requested_by, key),
  constraint refund_request_keyed check ((key is null) = (hash is null) and (key is null) = (channel = 'staff')),
  constraint refund_request_checked check ((checked_by is null) = (checked_at is null) and (state <> 'waiting' or checked_by is null)),
  -- The two people are two, and neither of them pays themselves.
  constraint refund_request_checker check (checked_by not in (requested_by, beneficiary)),
  constraint refund_request_maker check (channel = 'payer' or requested_by <> beneficiary),
  constraint refund_request_approved check (not needs_checker or state in ('waiting', 'declined') or checked_by is not null),
  constraint refund_request_begun check ((refunded > 0) = (state = 'begun') and (state = 'refused') = (refused_code is not null))
) with (fillfactor = 70);
create index refund_request_order on {{brand}}.refund_request (order_id);
-- One at a time: the next asks about what this one leaves.
create unique index refund_request_open on {{brand}}.refund_request (order_id) where state in ('waiting', 'approved');
create index refund_request_due on {{brand}}.refund_request (id) where state = 'approved';

grant select, insert, update on {{brand}}.refund_request to {{app}};
grant select on {{brand}}.refund_request to {{auditor}};

-- The days a top-up gave go back with its money.
alter table {{brand}}.line_event drop constraint line_event_kind_check;
alter table {{brand}}.line_event add constraint line_event_kind_check check (kind in ('opening', 'stage-told', 'credit-forfeited',
  'retention-fee', 'chargeable-use', 'outgoing-use', 'incoming-use', 'log-in', 'confirmation', 'activation', 'ceased', 'ported-out',
  'validity-taken-back'));

-- A package that went back is earned to its end at once, but for what was refunded.
alter table {{brand}}.package_term
  add column refunded bigint not null default 0 check (refunded >= 0),
  drop constraint package_term_earned,
  add constraint package_term_earned check (
    earned + refunded <= price and earned_until between first_day and until and (refunded = 0 or earned_until = until and earned + refunded = price));
