-- owner: reconciliation
-- What a merchant's contract says of fees; without a row fees are taken as they are billed.
create table {{brand}}.provider_terms (
  provider text not null,
  merchant text not null,
  -- Parts per ten thousand of a payment, rounded half up to the minor unit, and what is added to each.
  fee_bp integer not null check (fee_bp between 0 and 10000),
  fee_fixed bigint not null check (fee_fixed >= 0),
  -- Whether a refund gives the share of the fee back.
  fee_returned boolean not null,
  set_at timestamptz not null,
  primary key (provider, merchant),
  foreign key (provider, merchant) references {{brand}}.merchant
);

-- Money of a provider that came to the bank: for the bills up to a day that were not settled before.
create table {{brand}}.settlement (
  id uuid primary key,
  provider text not null,
  merchant text not null,
  -- The bank's own number of the transfer: the same one again is the same settlement.
  reference text not null check (reference <> ''),
  amount bigint not null check (amount > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  through date not null,
  recorded_at timestamptz not null,
  recorded_by text not null,
  constraint settlement_reference unique (provider, merchant, reference),
  foreign key (provider, merchant) references {{brand}}.merchant
);

-- A provider's bill of one day for one merchant, read whole or not at all. The day is the rail's own.
create table {{brand}}.bill (
  id uuid primary key,
  provider text not null,
  merchant text not null,
  day date not null,
  -- SHA-256 over what its rows say: fetched again, or exported at another hour, the same bill has it again.
  digest bytea not null check (length(digest) = 32),
  rows integer not null check (rows >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  paid bigint not null check (paid >= 0),
  refunded bigint not null check (refunded >= 0),
  fee bigint not null check (fee >= 0),
  fee_returned bigint not null check (fee_returned >= 0),
  -- Rows of kinds that this program does not know, by their sign.
  other bigint not null,
  imported_at timestamptz not null,
  imported_by text not null,
  -- When it was matched first: its fees are posted in that transaction.
  matched_at timestamptz,
  settlement uuid references {{brand}}.settlement,
  constraint bill_day unique (provider, merchant, day),
  foreign key (provider, merchant) references {{brand}}.merchant
);
create index bill_settlement on {{brand}}.bill (settlement) where settlement is not null;

-- A row of a bill. No foreign key to the bill: a million rows come in one transaction with it, and fsck counts them.
create table {{brand}}.bill_row (
  bill uuid not null,
  ordinal integer not null check (ordinal >= 1),
  kind text not null check (kind in ('payment', 'refund', 'revocation', 'fee', 'other')),
  -- What it is matched by: of a payment and its revocation the provider's transaction, of a refund our number.
  key text not null check (key <> ''),
  -- The number it says is ours: an attempt's of a payment, a refund's of a refund.
  number uuid,
  amount bigint not null,
  -- Above zero where it was charged, below where it was given back.
  fee bigint not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  at timestamptz not null,
  -- False where the provider has begun with it and not ended.
  final boolean not null,
  primary key (bill, ordinal),
  constraint bill_row_amount check (amount >= 0 or kind = 'other')
);
create index bill_row_key on {{brand}}.bill_row (key);
create index bill_row_open on {{brand}}.bill_row (bill) where not final;

-- Where bill and books differ. One for each row of a bill at most, and one for each payment or refund of ours that is on none.
create table {{brand}}.bill_break (
  id uuid primary key,
  provider text not null,
  merchant text not null,
  -- Of the bill it was found with.
  day date not null,
  class text not null check (class in ('missing-here', 'missing-there', 'amount', 'duplicate', 'day-boundary', 'fee')),
  kind text not null check (kind in ('payment', 'refund', 'revocation', 'fee', 'other', 'settlement')),
  bill uuid,
  ordinal integer,
  key text not null,
  -- The attempt or refund of ours, where there is one.
  item uuid,
  -- What the payment room, the ledger and the bill say; null: nothing. Of a fee what the terms say, nothing, and the bill.
  ours bigint,
  ledger bigint,
  billed bigint,
  currency text not null,
  -- What the provider owes us more by the bill than by the ledger; below zero: less.
  difference bigint not null,
  owner text not null check (owner <> ''),
  opened_at timestamptz not null,
  closed_at timestamptz,
  closed_by text,
  reason text,
  -- The cause of the transfer that closed it; null: closed by its reason alone.
  entry uuid,
  constraint bill_break_row check (num_nonnulls(bill, ordinal) in (0, 2)),
  constraint bill_break_closed check (num_nonnulls(closed_at, closed_by, reason) in (0, 3)),
  constraint bill_break_entry check (entry is null or closed_at is not null and difference <> 0)
);
create unique index bill_break_of_row on {{brand}}.bill_break (bill, ordinal) where bill is not null;
create unique index bill_break_of_item on {{brand}}.bill_break (provider, merchant, kind, key) where bill is null;
create index bill_break_open on {{brand}}.bill_break (provider, merchant, day) where closed_at is null;

grant select, insert, update on {{brand}}.provider_terms, {{brand}}.bill_break to {{app}};
grant select, insert on {{brand}}.settlement, {{brand}}.bill_row to {{app}};
grant select, insert, update (matched_at, settlement) on {{brand}}.bill to {{app}};
grant select on {{brand}}.provider_terms, {{brand}}.settlement, {{brand}}.bill, {{brand}}.bill_row, {{brand}}.bill_break to {{auditor}};
