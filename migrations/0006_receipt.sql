-- owner: receipt
-- A series belongs to a dealer's API, an outlet or the brand's online channel; numbers are taken under this row's lock.
create table {{brand}}.receipt_series (
  key text primary key check (key ~ '^[A-Z0-9-]{2,16}$'),
  last bigint not null default 0 check (last >= 0)
) with (fillfactor = 50);
grant select, insert, update on {{brand}}.receipt_series to {{app}};
grant select on {{brand}}.receipt_series to {{auditor}};
