-- owner: brand
-- What an operator has switched off for now: the whole brand, a rail, an offer. A row is an "off"; the audit keeps who and why.
create table {{brand}}.switched_off (
  kind text not null check (kind in ('brand', 'rail', 'offer')),
  -- A rail's name (`alipay`) or an offer's id; the brand's own switch has the name `all`.
  name text not null check (name ~ '^[a-z0-9-]{1,64}$'),
  -- What people are told, by language.
  notice jsonb not null check (notice ?& array['zh-CN', 'en']),
  since timestamptz not null,
  primary key (kind, name),
  constraint switched_off_brand check (kind <> 'brand' or name = 'all')
);

grant select, insert, update, delete on {{brand}}.switched_off to {{app}};
grant select on {{brand}}.switched_off to {{auditor}};
