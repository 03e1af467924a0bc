-- owner: messaging
-- A message intended: written in the transaction that gave the reason, sent later by whoever runs the senders.
create table {{brand}}.message (
  id uuid primary key,
  channel text not null check (channel in ('sms', 'email')),
  -- E.164 digits or an e-mail address.
  recipient text not null check (recipient <> ''),
  template text not null,
  locale text not null check (locale in ('zh-CN', 'en')),
  -- What fills the template's blanks, as shown; a secret is never here but in `sealed`.
  filling jsonb not null,
  -- What it is about: an order, a log-in.
  subject uuid,
  -- Fills the blank `code`; sealed with the master key, AAD = id.
  sealed bytea,
  -- 0 goes first: somebody is waiting for a code.
  urgency smallint not null check (urgency in (0, 1)),
  state text not null default 'queued' check (state in ('queued', 'sending', 'unknown', 'sent', 'delivered', 'undelivered', 'expired', 'failed')),
  -- While open, when a sender looks at it next: due, lease run out, or the answer waited for long enough.
  due_at timestamptz not null,
  not_after timestamptz not null,
  tries smallint not null default 0 check (tries >= 0),
  -- How often it was handed over without an answer: so many copies may have arrived.
  unknowns smallint not null default 0 check (unknowns >= 0),
  lease uuid,
  -- Short messages it was sent as.
  parts smallint,
  -- Why the last try did not succeed; never holds anything of the text.
  failure text,
  created_at timestamptz not null,
  sent_at timestamptz,
  -- When it reached a state that ends it.
  ended_at timestamptz,
  constraint message_lease check ((lease is not null) = (state = 'sending')),
  constraint message_secret_wiped check (sealed is null or state in ('queued', 'sending', 'unknown'))
) with (fillfactor = 80);
create index message_open on {{brand}}.message (channel, urgency, due_at, not_after) where state in ('queued', 'sending', 'unknown');
create index message_subject on {{brand}}.message (subject) where subject is not null;

-- One short message as the SMSC knows it, and what its delivery receipt said. Either may come first: the second finds the first by the key.
create table {{brand}}.message_part (
  smsc_id text primary key check (smsc_id <> ''),
  -- Null: only the receipt is here so far.
  message uuid,
  part smallint check (part between 1 and 255),
  outcome text check (outcome in ('delivered', 'undelivered')),
  -- The network's own word: DELIVRD, EXPIRED, UNDELIV and so on.
  network_state text,
  at timestamptz not null,
  constraint message_part_named check ((message is null) = (part is null) and (message is not null or outcome is not null))
);
create index message_part_message on {{brand}}.message_part (message) where message is not null;
create index message_part_orphan on {{brand}}.message_part (at) where message is null;

grant select, insert, update on {{brand}}.message to {{app}};
grant select, insert, update, delete on {{brand}}.message_part to {{app}};
grant select on {{brand}}.message, {{brand}}.message_part to {{auditor}};
