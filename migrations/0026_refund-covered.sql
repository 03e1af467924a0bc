-- owner: topup
-- A refund that the provider refused, as the payer's bank was taking the payment back: once that is lost, what it holds goes towards it.
alter table {{brand}}.dispute
  add column covered bigint not null default 0 check (covered >= 0),
  drop constraint dispute_taken,
  add constraint dispute_taken check (
    posted in ('none', 'reinstated') or cost_taken + undecided + unbegun_taken + covered + owed = amount);

alter table {{brand}}.refund
  drop constraint refund_state_check,
  add constraint refund_state_check check (state in ('requested', 'sent', 'unknown', 'done', 'abnormal', 'covered')),
  drop constraint refund_done,
  add constraint refund_done check ((state in ('done', 'abnormal', 'covered')) = (done_at is not null));
