-- owner: dealer
create table {{brand}}.dealer (
  id uuid primary key,
  name text not null,
  status text not null check (status in ('active', 'suspended')),
  -- Parts per ten thousand of the face value.
  commission_bp integer not null check (commission_bp between 0 and 10000),
  -- The float account in the ledger; its lock is the dealer's lock.
  float_account uuid not null unique,
  receipt_series text not null unique,
  created_at timestamptz not null
);
grant select, insert, update on {{brand}}.dealer to {{app}};
grant select on {{brand}}.dealer to {{auditor}};
