-- owner: platform
create table platform.brand (
  key text primary key check (key ~ '^[a-z][a-z0-9]{1,20}$'),
  facts jsonb not null,
  created_at timestamptz not null default now()
);

create table platform.brand_host (
  host text primary key check (host = lower(host)),
  brand text not null references platform.brand
);

-- Settings that change while we run: the business clock's offset, switches. Values are small JSON.
create table platform.setting (
  brand text not null,
  name text not null,
  value jsonb not null,
  primary key (brand, name)
);

-- Counters of rate-limiter-flexible, whose column names these are.
create table platform.rate_limit (
  key text primary key,
  points integer not null default 0,
  expire bigint
);
create index rate_limit_expire on platform.rate_limit (expire);

grant usage on schema platform to {{app}}, {{auditor}};
grant select on platform.brand, platform.brand_host, platform.migration to {{app}}, {{auditor}};
grant select, insert, update on platform.setting to {{app}};
grant select, insert, update, delete on platform.rate_limit to {{app}};
