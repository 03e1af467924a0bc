-- owner: identity
-- What a person wishes to be called, and since when the e-mail address is the account's: one that was set a moment ago
-- must not help to take the phone away.
alter table {{brand}}.log_in add column display_name text check (length(display_name) between 1 and 40);
alter table {{brand}}.log_in add column email_since timestamptz;

-- Browser and system of a session, as words of ours and not as the header said: enough to know one's own devices by.
alter table {{brand}}.session add column browser text check (browser ~ '^[a-z]{2,12}$');
alter table {{brand}}.session add column system text check (system ~ '^[a-z]{2,12}$');

alter table {{brand}}.one_time_code drop constraint one_time_code_purpose_check;
alter table {{brand}}.one_time_code add constraint one_time_code_purpose_check
  check (purpose in ('log-in', 'payer', 'bind-line', 'set-email', 'change-phone', 'new-phone'));

-- A change of an account's phone that waits, because the old phone could not be asked. Whoever holds the old phone or the
-- mailbox is told and may stop it until `due_at`.
create table {{brand}}.phone_change (
  id uuid primary key,
  log_in uuid not null references {{brand}}.log_in,
  phone text not null check (phone ~ '^[1-9][0-9]{6,14}$'),
  -- Ownership epoch of the new phone's line when a code proved it; null: no line of ours.
  epoch integer,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('done', 'stopped', 'replaced', 'lapsed')),
  constraint phone_change_ended check ((ended_at is null) = (outcome is null)),
  constraint phone_change_waits check (due_at > asked_at)
);
create unique index phone_change_open on {{brand}}.phone_change (log_in) where ended_at is null;
create index phone_change_due on {{brand}}.phone_change (due_at) where ended_at is null;

grant select, insert, update on {{brand}}.phone_change to {{app}};
grant select on {{brand}}.phone_change to {{auditor}};
grant select (display_name, email_since) on {{brand}}.log_in to {{auditor}};
grant select (browser, system) on {{brand}}.session to {{auditor}};
