-- owner: payment
-- Payments by when they were made: how long people wait for their credit is read from the newest. Agents' sales have no
-- attempt, so they do not pay for it.
create index attempt_captured on {{brand}}.attempt (captured_at) where captured_at is not null;
