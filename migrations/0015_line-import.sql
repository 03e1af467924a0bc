-- owner: line
-- A subscriber by the reference another system knows it by: a customer number, never a name or an address. Unique, so that the
-- lines of one subscriber meet, in whatever file and order they come.
alter table {{brand}}.subscriber
  add column reference text constraint subscriber_reference unique check (reference ~ '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$');
