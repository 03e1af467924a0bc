-- owner: topup
-- A payment that the payer's bank has taken back, or wants to. Settle files what the provider says (`said` only ever moves on) and a
-- command of its own posts it (`posted` follows). Its id is the cause of its postings.
create table {{brand}}.dispute (
  id uuid primary key,
  provider text not null,
  merchant text not null,
  -- The provider's own number of the dispute.
  number text not null,
  order_id uuid not null references {{brand}}.top_up,
  attempt uuid not null,
  -- The provider's payment it is about.
  transaction text not null,
  amount bigint not null check (amount > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- What the provider charges for it, where it says so. It is posted with the bill, as every fee is.
  fee bigint check (fee >= 0),
  reason text not null,
  said text not null check (said in ('disputed', 'reversed', 'reinstated')),
  posted text not null default 'none' check (posted in ('none', 'disputed', 'reversed', 'reinstated')),
  opened_at timestamptz not null,
  -- When `posted` was written last.
  posted_at timestamptz,
  -- What was taken for it, in minor units, each as it was posted; `undecided` waits in dispute-clearing.
  cost_taken bigint not null default 0 check (cost_taken >= 0),
  face_taken bigint not null default 0 check (face_taken >= cost_taken),
  bonus_taken bigint not null default 0 check (bonus_taken >= 0),
  undecided bigint not null default 0 check (undecided >= 0),
  unbegun_taken bigint not null default 0 check (unbegun_taken >= 0),
  owed bigint not null default 0 check (owed >= 0),
  constraint dispute_once unique (provider, merchant, number),
  constraint dispute_posted check ((posted = 'none') = (posted_at is null) and (posted <> 'reinstated' or said = 'reinstated')),
  constraint dispute_taken check (posted in ('none', 'reinstated') or cost_taken + undecided + unbegun_taken + owed = amount)
) with (fillfactor = 70);
create index dispute_order on {{brand}}.dispute (order_id);
create index dispute_due on {{brand}}.dispute (id) where said <> posted;

grant select, insert, update on {{brand}}.dispute to {{app}};
grant select on {{brand}}.dispute to {{auditor}};

-- What providers say of it.
alter table {{brand}}.evidence
  drop constraint evidence_said_check,
  add constraint evidence_said_check check (said in ('paid', 'closed', 'refunded', 'refund-refused', 'refund-failed', 'disputed',
    'reversed', 'reinstated')),
  add column dispute text,
  add column fee bigint check (fee >= 0),
  add constraint evidence_dispute check ((said in ('disputed', 'reversed', 'reinstated')) = (dispute is not null));

-- A refund that was made may come back: its money is held again, under an id of its own.
alter table {{brand}}.refund
  add column hold uuid,
  add column returned_at timestamptz,
  add constraint refund_returned check ((hold is null) = (returned_at is null));

-- Of the one payment that counts, what the payer's bank has taken back and not given back.
alter table {{brand}}.top_up
  drop column reversed_at,
  add column reversed bigint not null default 0 check (reversed >= 0);

-- What the holder of an epoch owes: their share of `subscriber-receivable`. Here, so that a top-up that settles has it with the row that
-- it reads and locks anyway.
alter table {{brand}}.line_account
  add column owed bigint not null default 0 check (owed >= 0);

insert into {{brand}}.account (id, kind, subject, currency, nature, floor, created_at)
  select gen_random_uuid(), n.kind, '', a.currency, 'debit', 0, now()
    from {{brand}}.account a cross join (values ('dispute-clearing'), ('subscriber-receivable')) as n (kind)
   where a.kind = 'refund-clearing'
  on conflict (kind, subject, currency) do nothing;

-- A number, and the payer, for whom cards are not taken online for now.
create table {{brand}}.line_flag (
  id uuid primary key,
  line uuid not null references {{brand}}.line,
  epoch integer not null,
  payer uuid not null,
  kind text not null check (kind in ('card-refused')),
  -- What raised it: a dispute.
  cause uuid not null unique,
  since timestamptz not null,
  until timestamptz not null check (until > since),
  lifted_at timestamptz
);
create index line_flag_line on {{brand}}.line_flag (line) where lifted_at is null;
create index line_flag_payer on {{brand}}.line_flag (payer) where lifted_at is null;

grant select, insert on {{brand}}.line_flag to {{app}};
grant update (lifted_at) on {{brand}}.line_flag to {{app}};
grant select on {{brand}}.line_flag to {{auditor}};

alter table {{brand}}.line_event drop constraint line_event_kind_check;
alter table {{brand}}.line_event add constraint line_event_kind_check check (kind in ('opening', 'stage-told', 'credit-forfeited',
  'retention-fee', 'chargeable-use', 'outgoing-use', 'incoming-use', 'log-in', 'confirmation', 'activation', 'ceased', 'ported-out',
  'validity-taken-back', 'flagged', 'flag-lifted'));
