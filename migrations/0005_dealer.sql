-- owner: dealer
create table {{brand}}.dealer (
  id uuid primary key,
  name text not null check (name <> ''),
  status text not null check (status in ('active', 'suspended')),
  -- Parts per ten thousand of the credit sold, or of a package's price.
  commission_bp integer not null check (commission_bp between 0 and 10000),
  receipt_series text not null unique,
  created_at timestamptz not null
);
grant select, insert, update on {{brand}}.dealer to {{app}};
grant select on {{brand}}.dealer to {{auditor}};
