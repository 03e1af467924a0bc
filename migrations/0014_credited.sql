-- owner: topup
-- Online orders by when they were credited: how long people wait is read from the newest of them. Agents' sales, credited in
-- the instant they are placed, are not in it and do not pay for it.
create index top_up_credited_at on {{brand}}.top_up (credited_at) where kind = 'online' and credited_at is not null;
