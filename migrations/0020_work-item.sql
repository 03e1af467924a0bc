-- owner: work-item
-- What a person must look at, as it does not come right by itself: one row for each trouble of a subject, opened once. It is closed when
-- the subject comes right, or by a person with a reason; then it is not opened again for the same trouble.
create table {{brand}}.work_item (
  id uuid primary key,
  kind text not null check (kind in ('unknown-payment', 'held', 'refund-abnormal', 'unknown-refund', 'orphan-evidence')),
  -- The attempt, order, refund or evidence.
  subject uuid not null,
  -- When the trouble began: a refund that is refused once more is another one.
  since timestamptz not null,
  -- Whose it is: a queue's name until a person takes it.
  owner text not null check (length(owner) between 1 and 100),
  opened_at timestamptz not null,
  closed_at timestamptz,
  closed_by text,
  reason text check (length(reason) between 1 and 500),
  constraint work_item_once unique (kind, subject, since),
  constraint work_item_closed check (num_nonnulls(closed_at, closed_by, reason) in (0, 3))
);
create index work_item_open on {{brand}}.work_item (since) where closed_at is null;

grant select, insert, update on {{brand}}.work_item to {{app}};
grant select on {{brand}}.work_item to {{auditor}};

-- What nobody asks about any more though its end is not known; hardly ever a row.
create index attempt_left on {{brand}}.attempt (id) where next_query_at is null and state in ('created', 'pending', 'unknown');
create index refund_left on {{brand}}.refund (id) where next_try_at is null and state <> 'done';
