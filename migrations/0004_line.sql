-- owner: line
create table {{brand}}.line (
  id uuid primary key,
  msisdn text not null check (msisdn ~ '^[1-9][0-9]{6,14}$'),
  iccid text unique check (iccid ~ '^[0-9]{18,22}$'),
  created_at timestamptz not null,
  -- With the id inside, so that a number is resolved without reading the row.
  constraint line_msisdn unique (msisdn) include (id)
);

create table {{brand}}.subscriber (
  id uuid primary key,
  created_at timestamptz not null
);

-- Who holds a line in which epoch; a new owner always has a new epoch.
create table {{brand}}.ownership (
  line uuid not null references {{brand}}.line,
  epoch integer not null check (epoch >= 1),
  subscriber uuid references {{brand}}.subscriber,
  from_day date not null,
  -- The first day on which the number is no longer theirs.
  until_day date check (until_day >= from_day),
  primary key (line, epoch)
);
-- A number is never on two live lines.
create unique index ownership_open on {{brand}}.ownership (line) where until_day is null;
create index ownership_subscriber on {{brand}}.ownership (subscriber) where subscriber is not null;

-- The hot row of a line: its clocks, its current epoch and what was topped up today and this month. Each clock is
-- anchor + months + days; all null where it does not run, only the anchor null where it never ends.
create table {{brand}}.line_clock (
  line uuid primary key references {{brand}}.line,
  -- The line's own number, here too, so that the hot path reads one row and not two.
  msisdn text not null,
  epoch integer not null,
  policy text not null,
  policy_version integer not null,
  standing text not null check (standing in ('pre-active', 'in-service', 'ported-out')),
  ceased_on date,
  service_anchor date, service_months integer, service_days integer,
  credit_anchor date, credit_months integer, credit_days integer,
  number_anchor date, number_months integer, number_days integer,
  -- The stage the network was last told.
  stage_told text not null,
  -- When the sweep must look at the line: early is allowed, late never.
  next_due_on date,
  limit_day date not null default '1970-01-01',
  limit_day_minor bigint not null default 0,
  limit_month_minor bigint not null default 0
) with (fillfactor = 50);
create index line_clock_due on {{brand}}.line_clock (next_due_on, line) where next_due_on is not null;

-- What extended or moved a line's clocks, apart from top-ups, whose order row is its own event.
create table {{brand}}.line_event (
  id uuid primary key,
  line uuid not null,
  epoch integer not null,
  kind text not null check (kind in ('opening', 'stage-told', 'credit-forfeited', 'retention-fee', 'chargeable-use',
    'outgoing-use', 'incoming-use', 'log-in', 'confirmation', 'activation', 'ceased', 'ported-out')),
  -- The policy's day on which it happened; created_at says when it was applied.
  on_day date not null,
  detail jsonb not null default '{}',
  cause uuid,
  created_at timestamptz not null
);
create index line_event_line on {{brand}}.line_event (line, epoch, id);

grant select, insert, update on {{brand}}.line, {{brand}}.subscriber, {{brand}}.ownership, {{brand}}.line_clock to {{app}};
grant select, insert on {{brand}}.line_event to {{app}};
grant select on {{brand}}.line, {{brand}}.subscriber, {{brand}}.ownership, {{brand}}.line_clock, {{brand}}.line_event to {{auditor}};
