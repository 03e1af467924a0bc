-- owner: quote
-- What a unit of one currency was worth in another, as it was published: a history that only grows.
create table {{brand}}.rate (
  -- reference: a central bank's, of a day, for nobody to deal at; dealing: an acquirer's, from an instant until another.
  kind text not null check (kind in ('reference', 'dealing')),
  -- Who says so, by name.
  source text not null check (length(source) between 1 and 64),
  base text not null check (base ~ '^[A-Z]{3}$'),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- Units of the currency for one of the base, in major units, with the very digits of its source.
  value numeric not null check (value > 0 and scale(value) <= 10),
  day date not null,
  since timestamptz not null,
  until timestamptz,
  imported_at timestamptz not null,
  imported_by text not null,
  primary key (kind, source, base, currency, since),
  constraint rate_pair check (base <> currency),
  constraint rate_until check ((until is null) = (kind = 'reference') and until > since)
);
create index rate_newest on {{brand}}.rate (kind, base, currency, since);

-- What an order costs in another currency, frozen: the payer was shown it, and the books go by it for ever.
create table {{brand}}.quote (
  id uuid primary key,
  order_id uuid not null references {{brand}}.top_up,
  price bigint not null check (price > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount bigint not null check (amount > 0),
  pay_currency text not null check (pay_currency ~ '^[A-Z]{3}$'),
  -- Minor units of pay_currency for one minor unit of currency, before the margin, as an exact fraction.
  numerator bigint not null check (numerator > 0),
  denominator bigint not null check (denominator > 0),
  margin_bp integer not null check (margin_bp between 0 and 10000),
  -- What the amount is worth at the rate, above the price; in minor units of the order's currency.
  margin bigint not null check (margin >= 0),
  source text not null,
  rate_day date not null,
  made_at timestamptz not null,
  until timestamptz not null check (until > made_at),
  constraint quote_pair check (currency <> pay_currency)
);
create index quote_order on {{brand}}.quote (order_id, pay_currency, until);

-- The quote that a payment in another currency was begun under: its amount and currency are the quote's.
alter table {{brand}}.attempt add column quote uuid references {{brand}}.quote;
create index attempt_quote on {{brand}}.attempt (quote) where quote is not null;

-- What a refund gives back of its order, in the order's currency; null: the same as its amount.
alter table {{brand}}.refund add column order_amount bigint check (order_amount > 0);

grant select, insert on {{brand}}.rate, {{brand}}.quote to {{app}};
grant select on {{brand}}.rate, {{brand}}.quote to {{auditor}};
