-- owner: topup
-- How long a paid order for a number that was new to its payer can be recalled before it is credited; frozen when it is placed.
alter table {{brand}}.top_up add column recall_seconds integer not null default 0 check (recall_seconds >= 0);

-- An order that its payer took back before it was credited, with the key it was asked by: the same key has the same answer.
create table {{brand}}.recall (
  order_id uuid primary key references {{brand}}.top_up,
  caller uuid not null,
  key text not null,
  hash bytea not null,
  recalled_at timestamptz not null,
  constraint recall_key unique (caller, key)
);

grant select, insert on {{brand}}.recall to {{app}};
grant select on {{brand}}.recall to {{auditor}};
