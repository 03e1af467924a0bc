-- owner: catalog
-- A version of the brand's price table: in force from its day until a version with a later day, or a newer version
-- with the same day, takes over. Append-only: a price once published is a fact.
create table {{brand}}.price_table (
  version integer primary key check (version >= 1),
  valid_from date not null,
  published_at timestamptz not null
);

-- What a version offers. An id belongs to one version, so an id is a price.
create table {{brand}}.offer (
  id uuid primary key,
  version integer not null references {{brand}}.price_table,
  -- The order in which pages show them.
  position integer not null check (position >= 1),
  kind text not null check (kind in ('package', 'denomination', 'free-amount')),
  name_zh_cn text not null check (name_zh_cn <> ''),
  name_en text not null check (name_en <> ''),
  term text check (term in ('month', 'quarter', 'year')),
  -- A denomination's face value, a package's price before discount. Both null for a free amount: the payer names it.
  list_price bigint check (list_price > 0),
  price bigint check (price > 0),
  bonus bigint not null check (bonus >= 0),
  least bigint check (least > 0),
  most bigint check (most > 0),
  step bigint check (step > 0),
  voice_seconds integer not null check (voice_seconds >= 0),
  sms integer not null check (sms >= 0),
  data_bytes bigint not null check (data_bytes >= 0),
  roaming boolean not null,
  validity_months integer not null check (validity_months >= 0),
  validity_days integer not null check (validity_days >= 0),
  recommended boolean not null,
  -- The first day on which it is no longer on sale.
  on_sale_until date,
  unique (version, position),
  constraint offer_price check (price <= list_price),
  constraint offer_amount check (
    case kind
      when 'free-amount' then num_nulls(list_price, price) = 2 and num_nulls(least, most, step) = 0
        and most >= least and (most - least) % step = 0
      else num_nulls(list_price, price) = 0 and num_nulls(least, most, step) = 3
    end
  ),
  constraint offer_package check (
    case kind
      when 'package' then term is not null and bonus = 0 and validity_months + validity_days > 0
      else term is null and voice_seconds = 0 and sms = 0 and data_bytes = 0 and not roaming
    end
  ),
  constraint offer_free_amount check (kind <> 'free-amount' or (bonus = 0 and not recommended))
);
create unique index offer_denomination on {{brand}}.offer (version, list_price) where kind = 'denomination';
create unique index offer_one_free_amount on {{brand}}.offer (version) where kind = 'free-amount';

grant select, insert on {{brand}}.price_table, {{brand}}.offer to {{app}};
grant select on {{brand}}.price_table, {{brand}}.offer to {{auditor}};
