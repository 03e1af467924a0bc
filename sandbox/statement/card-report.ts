import { utcTime } from '../clock.ts'
import { formatAmount, type Trade } from './trade.ts'

const COLUMNS =
  'balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,description,payment_intent_id,charge_id,payment_metadata[number],refund_metadata[number]'

const DAYS_HELD = 7

/** A day's itemised balance report of a card gateway of Stripe's shape: amounts from the merchant's side, times in UTC. */
export function cardReport(trades: readonly Trade[], currency = 'gbp'): Buffer {
  return Buffer.from(`${COLUMNS}\n${trades.map((trade, i) => row(trade, i, currency)).join('')}`)
}

function row(trade: Trade, i: number, currency: string): string {
  const back = trade.kind === 'refund'
  const gross = back ? -trade.amountMinor : trade.amountMinor
  const charge = trade.transaction.replace(/^pi/, 'ch')
  return `${[
    `txn_${trade.transaction.slice(-14)}${i}`,
    utcTime(trade.at),
    utcTime(trade.at + DAYS_HELD * 86_400_000),
    currency,
    formatAmount(gross),
    formatAmount(trade.feeMinor),
    formatAmount(gross - trade.feeMinor),
    back ? 'refund' : 'charge',
    back ? `re_${trade.outRefundNo}` : charge,
    '"Top-up, 3 months"',
    trade.transaction,
    charge,
    trade.outTradeNo,
    trade.outRefundNo ?? '',
  ].join(',')}\n`
}
