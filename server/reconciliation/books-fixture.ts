import type pg from 'pg'
import { idFromWire } from '../../contract/id.ts'
import type { Trade } from '../../sandbox/statement/trade.ts'

export interface FixtureMerchant {
  readonly provider: 'alipay' | 'wechat' | 'card'
  readonly id: string
  readonly seller: string
  readonly currency: string
}

/** A merchant with its clearing account, as the owner writes it: no adapter is ever opened. */
export async function plantMerchant(
  owner: pg.Client,
  brand: string,
  merchant: FixtureMerchant,
): Promise<void> {
  const { provider, id, seller, currency } = merchant
  await owner.query(
    `insert into ${brand}.merchant (provider, id, seller, currency, gateway, private_key, provider_keys, enabled, created_at)
     values ($1, $2, $3, $4, 'https://gateway.example', '\\x00', '{}', true, '2026-01-01T00:00:00Z')`,
    [provider, id, seller, currency],
  )
  const accounts = [
    ['provider-clearing', `${provider}:${id}`, 'debit', null],
    ['topup-suspense', '', 'credit', 0],
    ['refund-clearing', '', 'credit', 0],
    ['payment-fee', '', 'debit', null],
    ['bank', '', 'debit', null],
    ['bad-debt', '', 'debit', null],
    ['unmatched-receipts', '', 'credit', 0],
  ]
  for (const [kind, subject, nature, floor] of accounts)
    await owner.query(
      `insert into ${brand}.account (id, kind, subject, currency, nature, floor, created_at)
       values (gen_random_uuid(), $1, $2, $3, $4, $5, now()) on conflict do nothing`,
      [kind, subject, currency, nature, floor],
    )
}

const uuid = (wire: string | undefined) => idFromWire(wire ?? '') as string

/**
 * What payment room and ledger have of these trades once all was settled: captured attempts with what was taken in, refunds with
 * what was sent back. The order of a payment bears its attempt's id. After-values of transfers are left at zero.
 */
export async function plantBooks(
  owner: pg.Client,
  brand: string,
  { provider, id: merchant, currency }: FixtureMerchant,
  trades: readonly Trade[],
): Promise<void> {
  const payments = trades.filter(({ kind }) => kind === 'payment')
  const refunds = trades.filter(({ kind }) => kind === 'refund')
  await owner.query(
    `with paid as (select * from unnest($4::uuid[], $5::text[], $6::bigint[], $7::float8[]) as u (id, transaction, amount, ms)),
     made as (
       insert into ${brand}.attempt (id, order_id, provider, merchant, scene, amount, currency, state, caller, key, hash, created_at,
         expires_at, transaction, captured, captured_currency, captured_at)
       select id, id, $1, $2, 'page', amount, $3, 'captured', id, 'key', 'hash', to_timestamp(ms / 1000), to_timestamp(ms / 1000),
         transaction, amount, $3, to_timestamp(ms / 1000) from paid)
     insert into ${brand}.transfer (id, debit_account, credit_account, amount, debit_after, credit_after, posting, cause, event_at,
       created_at)
     select p.id, c.id, s.id, p.amount, 0, 0, 'paid-and-held', p.id, to_timestamp(p.ms / 1000), to_timestamp(p.ms / 1000)
       from paid p, ${brand}.account c, ${brand}.account s
      where c.kind = 'provider-clearing' and c.subject = $1 || ':' || $2 and s.kind = 'topup-suspense' and s.currency = $3`,
    [
      provider,
      merchant,
      currency,
      payments.map(({ outTradeNo }) => uuid(outTradeNo)),
      payments.map(({ transaction }) => transaction),
      payments.map(({ amountMinor }) => amountMinor),
      payments.map(({ at }) => at),
    ],
  )
  await owner.query(
    `with back as (
       select * from unnest($4::uuid[], $5::uuid[], $6::text[], $7::bigint[], $8::float8[]) as u (id, attempt, transaction, amount, ms)),
     made as (
       insert into ${brand}.refund (id, order_id, attempt, transaction, amount, currency, reason, automatic, state, requested_at,
         sent_at, done_at)
       select id, attempt, attempt, transaction, amount, $3, 'asked', false, 'done', to_timestamp(ms / 1000), to_timestamp(ms / 1000),
         to_timestamp(ms / 1000) from back)
     insert into ${brand}.transfer (id, debit_account, credit_account, amount, debit_after, credit_after, posting, cause, pending_of,
       event_at, created_at)
     select gen_random_uuid(), s.id, c.id, b.amount, 0, 0, 'refund-sent', b.id, b.id, to_timestamp(b.ms / 1000),
       to_timestamp(b.ms / 1000)
       from back b, ${brand}.account c, ${brand}.account s
      where c.kind = 'provider-clearing' and c.subject = $1 || ':' || $2 and s.kind = 'refund-clearing' and s.currency = $3`,
    [
      provider,
      merchant,
      currency,
      refunds.map(({ outRefundNo }) => uuid(outRefundNo)),
      refunds.map(({ outTradeNo }) => uuid(outTradeNo)),
      refunds.map(({ transaction }) => transaction),
      refunds.map(({ amountMinor }) => amountMinor),
      refunds.map(({ at }) => at),
    ],
  )
  const sum = (of: readonly Trade[]) => of.reduce((total, { amountMinor }) => total + amountMinor, 0n)
  await owner.query(
    `update ${brand}.account set balance = balance + $3 where kind = 'provider-clearing' and subject = $1 || ':' || $2`,
    [provider, merchant, sum(payments) - sum(refunds)],
  )
}
