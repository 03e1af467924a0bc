-- owner: bank-statement
-- A file of a bank that was taken in: an account statement, or a notice of single bookings that the bank sent by itself.
create table {{brand}}.bank_statement (
  id uuid primary key,
  provider text not null default 'bank' check (provider = 'bank'),
  merchant text not null,
  format text not null check (format in ('camt.053', 'camt.054', 'csv')),
  -- SHA-256 of its bytes: the same file once more changes nothing.
  digest bytea not null check (length(digest) = 32),
  -- Entries in it, and those that no earlier file had told of.
  entries integer not null check (entries >= 0),
  added integer not null check (added between 0 and entries),
  -- What the account held before and after; a notice does not say.
  opening bigint,
  closing bigint,
  imported_at timestamptz not null,
  imported_by text not null,
  constraint bank_statement_once unique (merchant, digest),
  constraint bank_statement_balances check ((opening is null) = (closing is null)),
  foreign key (provider, merchant) references {{brand}}.merchant
);

-- An entry of the account, once, whichever files tell of it. `open`: it waits for its owner, for the reason it bears.
create table {{brand}}.bank_entry (
  id uuid primary key,
  merchant text not null,
  -- The bank's own reference, which is what makes it the same entry on another statement.
  bank_reference text not null check (bank_reference <> ''),
  direction text not null check (direction in ('credit', 'debit')),
  reversal boolean not null,
  amount bigint not null check (amount > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  booked_on date not null,
  value_on date,
  -- What the payer, or whoever was paid, wrote on it.
  remittance text not null,
  other_name text,
  other_account text,
  statement uuid not null references {{brand}}.bank_statement,
  state text not null check (state in ('open', 'matched', 'returned', 'dismissed', 'written-off')),
  -- Why it was not matched by itself; kept once it is closed.
  reason text check (reason in ('no-reference', 'reference-unknown', 'several-references', 'amount-less', 'amount-more', 'order-over',
    'reversal', 'debit-unknown')),
  owner text check (owner <> ''),
  -- The attempt that it paid or seems to mean, and the payment it is a part of.
  attempt uuid references {{brand}}.attempt,
  transaction text,
  -- The refund that a debit carries out.
  refund uuid references {{brand}}.refund,
  -- The bank's reference of the transfer by which a person gave it back.
  return_reference text check (return_reference <> ''),
  closed_at timestamptz,
  closed_by text,
  note text,
  constraint bank_entry_once unique (merchant, bank_reference, direction),
  constraint bank_entry_open check (state <> 'open' or (reason is not null and owner is not null and closed_at is null)),
  constraint bank_entry_closed check (num_nonnulls(closed_at, closed_by) = case state when 'open' then 0 else 2 end),
  constraint bank_entry_matched check (state <> 'matched' or num_nonnulls(transaction, refund, return_reference) = 1),
  constraint bank_entry_returned check (state <> 'returned' or return_reference is not null)
) with (fillfactor = 70);
create index bank_entry_statement on {{brand}}.bank_entry (statement);
create index bank_entry_waiting on {{brand}}.bank_entry (booked_on) where state = 'open';
create index bank_entry_attempt on {{brand}}.bank_entry (attempt) where attempt is not null;
create index bank_entry_refund on {{brand}}.bank_entry (refund) where refund is not null;
create index bank_entry_return on {{brand}}.bank_entry (merchant, return_reference) where return_reference is not null;

grant select, insert on {{brand}}.bank_statement to {{app}};
grant select, insert, update on {{brand}}.bank_entry to {{app}};
grant select on {{brand}}.bank_statement, {{brand}}.bank_entry to {{auditor}};

-- What a statement says of an attempt or a refund is evidence like any other.
alter table {{brand}}.evidence drop constraint evidence_kind_check;
alter table {{brand}}.evidence add constraint evidence_kind_check check (kind in ('notify', 'query', 'return', 'close', 'refund', 'statement'));

-- The reference that a payer writes on a transfer leads to one attempt.
create unique index attempt_transfer_reference on {{brand}}.attempt (merchant, reference) where provider = 'bank' and reference is not null;
