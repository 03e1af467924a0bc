-- owner: line
-- A line that a log-in manages, bound by a code sent to it in this ownership epoch. When the number has passed to somebody
-- else the epochs differ and the binding says nothing any more.
create table {{brand}}.line_log_in (
  log_in uuid not null references {{brand}}.log_in,
  line uuid not null references {{brand}}.line,
  epoch integer not null check (epoch >= 1),
  bound_at timestamptz not null,
  primary key (log_in, line)
);

grant select, insert, update, delete on {{brand}}.line_log_in to {{app}};
grant select on {{brand}}.line_log_in to {{auditor}};
