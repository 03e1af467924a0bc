-- owner: payment
-- What rails other than Alipay's need of a merchant: a rail may have no key of ours (cards) or none of the provider's (bank).
alter table {{brand}}.merchant
  alter column private_key drop not null,
  drop constraint merchant_provider_keys_check,
  add constraint merchant_provider_keys_check check (cardinality(provider_keys) <= 2),
  -- The rail's shared secrets by name, as one JSON object sealed with the master key: WeChat's API v3 key, a webhook's secret.
  add column secrets bytea,
  -- What else the rail calls us by, none of it secret: the numbers of keys and certificates, an application's id.
  add column settings jsonb not null default '{}';

grant select (settings) on {{brand}}.merchant to {{auditor}};

-- The provider's own handle of a payment that was begun, where later calls must name it: a checkout session's id.
alter table {{brand}}.attempt add column reference text;
