-- owner: identity
-- A person's account. The phone was proved by a code in the ownership epoch its line had then (null: no line of ours);
-- when the number has passed to somebody else, the code no longer opens this account.
create table {{brand}}.log_in (
  id uuid primary key,
  phone text unique check (phone ~ '^[1-9][0-9]{6,14}$'),
  phone_epoch integer,
  email text unique check (email = lower(email) and email like '%_@_%'),
  password_hash text check (password_hash like '$argon2id$%'),
  -- Consecutive wrong passwords; a log-in by any means sets it back.
  password_failures smallint not null default 0 check (password_failures between 0 and 100),
  locale text not null check (locale in ('zh-CN', 'en')),
  disabled_at timestamptz,
  created_at timestamptz not null,
  check (phone is not null or email is not null or disabled_at is not null)
);

-- Which version of the terms was accepted, when. Append-only.
create table {{brand}}.terms_acceptance (
  log_in uuid not null references {{brand}}.log_in,
  version text not null,
  locale text not null,
  accepted_at timestamptz not null,
  primary key (log_in, version)
);

-- A browser's session: a guest's (log_in is null) or a log-in's. Only the SHA-256 of its token is kept; ending a session
-- deletes the row, and every request looks it up.
create table {{brand}}.session (
  id uuid primary key,
  token_hash bytea not null unique check (length(token_hash) = 32),
  log_in uuid references {{brand}}.log_in,
  assurance text not null check (assurance in ('guest', 'sms', 'password', 'strong')),
  -- The payer's phone this session has proved, and until when it need not be proved again.
  payer text check (payer ~ '^[1-9][0-9]{6,14}$'),
  payer_until timestamptz,
  opened_at timestamptz not null,
  seen_at timestamptz not null,
  ends_at timestamptz not null,
  check ((log_in is null) = (assurance = 'guest')),
  check ((payer is null) = (payer_until is null))
) with (fillfactor = 80);
create index session_log_in on {{brand}}.session (log_in) where log_in is not null;
create index session_ends on {{brand}}.session (ends_at);

-- The newest code of each purpose to each address. Its row's lock makes guesses take turns. The hash is wiped when the
-- code has done its work or can do none any more.
create table {{brand}}.one_time_code (
  purpose text not null check (purpose in ('log-in', 'payer', 'bind-line', 'set-email')),
  address text not null,
  id uuid not null,
  code_hash bytea check (length(code_hash) = 32),
  -- The log-in that asked, where only it may use the code.
  asked_by uuid,
  expires_at timestamptz not null,
  ended text check (ended in ('spent', 'tries-used-up')),
  primary key (purpose, address),
  check ((code_hash is null) = (ended is not null))
);

-- Wrong codes in a row: of a log-in (its id), or of an address that belongs to none. A new code changes nothing here.
create table {{brand}}.guess_counter (
  subject text primary key,
  failures smallint not null check (failures between 0 and 100),
  tries smallint not null check (tries between 0 and 5),
  last_failed_at timestamptz not null
);

-- Nonces of captchas that were handed in, kept until they could not be used anyway.
create table {{brand}}.spent_captcha (
  nonce bytea primary key,
  not_after timestamptz not null
);
create index spent_captcha_not_after on {{brand}}.spent_captcha (not_after);

-- Keys of programs. `principal` is the scope of idempotency keys and outlives a key: the one that replaces it inherits it.
create table {{brand}}.api_key (
  id uuid primary key,
  principal uuid not null,
  name text not null,
  secret_hash bytea not null check (length(secret_hash) = 32),
  scopes text[] not null,
  dealer uuid,
  disabled_at timestamptz,
  created_at timestamptz not null
);
create index api_key_principal on {{brand}}.api_key (principal) where disabled_at is null;

grant select, insert, update on {{brand}}.log_in, {{brand}}.api_key to {{app}};
grant select, insert on {{brand}}.terms_acceptance to {{app}};
grant select, insert, update, delete on {{brand}}.session, {{brand}}.one_time_code, {{brand}}.guess_counter to {{app}};
grant select, insert, delete on {{brand}}.spent_captcha to {{app}};
grant select (id, phone, phone_epoch, email, locale, disabled_at, created_at) on {{brand}}.log_in to {{auditor}};
grant select (id, log_in, assurance, opened_at, seen_at, ends_at) on {{brand}}.session to {{auditor}};
grant select (id, principal, name, scopes, dealer, disabled_at, created_at) on {{brand}}.api_key to {{auditor}};
grant select on {{brand}}.terms_acceptance, {{brand}}.guess_counter to {{auditor}};
