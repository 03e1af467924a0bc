-- owner: support
-- What somebody asked the brand for help with, and the answer. `caller` is the log-in or the guest's session; null: nobody
-- was signed in, and only the number that was shown leads back to it. About an order the row keeps what the asker saw of it.
create table {{brand}}.support_case (
  id uuid primary key,
  number text not null constraint support_case_number unique check (number ~ '^[A-Z]{2}-[0-9]{6}-[0-9A-HJKMNP-TV-Z]{6}$'),
  caller uuid,
  -- Chosen by the browser before it sends: the same request again is the same case.
  key text not null constraint support_case_key unique,
  hash bytea not null check (length(hash) = 32),
  topic text not null check (topic in ('top-up', 'refund', 'number', 'account', 'other')),
  body text not null check (length(body) between 5 and 1000),
  top_up uuid,
  order_msisdn text,
  order_price bigint check (order_price >= 0),
  reply_by text not null check (reply_by in ('sms', 'email')),
  -- E.164 digits or an e-mail address; null once its holder closed the account.
  reply_to text,
  -- Proved by a code at the time: only such an address is written to without a person having looked.
  reply_proved boolean not null,
  locale text not null check (locale in ('zh-CN', 'en')),
  opened_at timestamptz not null,
  answer text,
  answered_by text,
  answered_at timestamptz,
  constraint support_case_order check ((top_up is null) = (order_msisdn is null) and (top_up is null) = (order_price is null)),
  constraint support_case_answered check ((answer is null) = (answered_at is null) and (answer is null) = (answered_by is null))
);
create index support_case_caller on {{brand}}.support_case (caller, id) where caller is not null;
create index support_case_open on {{brand}}.support_case (id) where answered_at is null;

grant select, insert, update on {{brand}}.support_case to {{app}};
grant select on {{brand}}.support_case to {{auditor}};
