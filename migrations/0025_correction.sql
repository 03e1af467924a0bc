-- owner: topup
-- A correction is a request whose money goes to another line instead of back to its payer: credit was bought for a wrong number.
-- It always takes two people. `amount` and `refunded` are what the credit that moves was bought for.
alter table {{brand}}.refund_request
  add column to_line uuid,
  -- The right line's holder when it was asked for: nobody else gets the credit.
  add column to_epoch integer,
  -- What was looked at: a case, a receipt, an identity document.
  add column proof text check (length(proof) between 1 and 500),
  -- When the holders of both lines, and the payer, were told.
  add column told_at timestamptz,
  add constraint refund_request_correction check (
    num_nonnulls(to_line, to_epoch, proof) in (0, 3) and (to_line is null or (channel = 'staff' and needs_checker and whole))
    and (told_at is null or to_line is not null));
create index refund_request_untold on {{brand}}.refund_request (id) where to_line is not null and state = 'begun' and told_at is null;

-- Credit that was bought for another number came to this line.
alter table {{brand}}.line_event drop constraint line_event_kind_check;
alter table {{brand}}.line_event add constraint line_event_kind_check check (kind in ('opening', 'stage-told', 'credit-forfeited',
  'retention-fee', 'chargeable-use', 'outgoing-use', 'incoming-use', 'log-in', 'confirmation', 'activation', 'ceased', 'ported-out',
  'validity-taken-back', 'flagged', 'flag-lifted', 'credit-received'));
