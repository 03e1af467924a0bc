-- owner: bank-statement
-- A statement may say of a booking something else than the notice of it did. The entry of the notice is dismissed then, and the statement's bears
-- the same reference of the bank.
alter table {{brand}}.bank_entry drop constraint bank_entry_once;
create unique index bank_entry_once on {{brand}}.bank_entry (merchant, bank_reference, direction) where state <> 'dismissed';
create index bank_entry_reference on {{brand}}.bank_entry (merchant, bank_reference);
