-- owner: topup
-- A dispute about a payment in another currency: `amount` is what the bank took, in the currency that was paid; this is what it took of the
-- order, in the order's (else the same), and of the margin of its quote. What unspent credit, waiting, owed and the others come to is the part
-- of the order.
alter table {{brand}}.dispute
  add column order_amount bigint not null default 0 check (order_amount >= 0),
  add column margin_taken bigint not null default 0 check (margin_taken >= 0);
update {{brand}}.dispute set order_amount = amount where posted in ('disputed', 'reversed');
alter table {{brand}}.dispute
  drop constraint dispute_taken,
  add constraint dispute_taken check (posted in ('none', 'reinstated')
    or cost_taken + undecided + unbegun_taken + covered + owed = order_amount);

-- Money of another currency that became the brand's own at a real rate, at the acquirer's or at the bank: the position is smaller by it, and
-- what it brought differs from what it was worth at the quotes. Its id is the cause of its postings.
create table {{brand}}.fx_exchange (
  id uuid primary key,
  -- The bank's or the acquirer's own number of it.
  reference text not null constraint fx_exchange_reference unique check (length(reference) between 1 and 100),
  pay_currency text not null check (pay_currency ~ '^[A-Z]{3}$'),
  -- What was given, in that currency. Nothing: what refunds and new orders have left of a position that is even, is booked.
  amount bigint not null check (amount >= 0),
  -- What came, in the brand's currency.
  received bigint not null check (received >= 0),
  -- What it was worth at the quotes, in the brand's currency; below zero where more went back than came.
  worth bigint not null,
  reason text not null check (length(reason) between 1 and 500),
  recorded_at timestamptz not null,
  recorded_by text not null,
  constraint fx_exchange_something check (amount > 0 or received = 0 and worth <> 0)
);

grant select, insert on {{brand}}.fx_exchange to {{app}};
grant select on {{brand}}.fx_exchange to {{auditor}};
