-- owner: platform
create schema if not exists {{brand}};
grant usage on schema {{brand}} to {{app}}, {{auditor}};

-- Facts go up: written in the transaction that made them true, deleted when every listener has taken them.
create table {{brand}}.fact (
  id uuid primary key,
  kind text not null,
  subject uuid not null,
  payload jsonb not null,
  tries smallint not null default 0,
  not_before timestamptz not null default now()
);
grant select, insert, update, delete on {{brand}}.fact to {{app}};

-- Acts of people, settings and views of papers. Append-only; machine top-ups are audited by order and transfer.
create table {{brand}}.audit (
  id uuid primary key,
  actor text not null,
  act text not null,
  subject text not null,
  reason text,
  detail jsonb not null default '{}',
  at timestamptz not null
);
grant select, insert on {{brand}}.audit to {{app}};
grant select on {{brand}}.audit to {{auditor}};
