import { parseChinaTime } from '../clock.ts'
import type { Fields } from '../fields.ts'
import type { Call } from './envelope.ts'
import { businessRefusal } from './refusal.ts'
import type { Order, PayMethod } from './trade.ts'
import { parseYuan } from './yuan.ts'

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs
/** Unpaid page payments live 15 days, QR codes two hours, charges by the payer's code three, unless the merchant says less. */
const longestLifeMs: Record<PayMethod, number> = {
  'alipay.trade.page.pay': 15 * dayMs,
  'alipay.trade.wap.pay': 15 * dayMs,
  'alipay.trade.precreate': 120 * minuteMs,
  'alipay.trade.pay': 180 * minuteMs,
}

const productCode: Record<PayMethod, readonly (string | undefined)[]> = {
  'alipay.trade.page.pay': ['FAST_INSTANT_TRADE_PAY'],
  'alipay.trade.wap.pay': ['QUICK_WAP_WAY'],
  'alipay.trade.precreate': [undefined, 'FACE_TO_FACE_PAYMENT', 'QR_CODE_OFFLINE'],
  'alipay.trade.pay': [undefined, 'FACE_TO_FACE_PAYMENT'],
}

const highestMinor = 10_000_000_000n

/** Reads the order in `biz_content` of a paying method. Throws Refusal (ACQ.INVALID_PARAMETER, with the field's name). */
export function readOrder(call: Call, method: PayMethod, now: number): Order {
  const { biz, params, merchant } = call
  const totalMinor = parseYuan(biz.total_amount)
  if (totalMinor === undefined || totalMinor === 0n || totalMinor > highestMinor) {
    throw businessRefusal('INVALID_PARAMETER', 'total_amount')
  }
  if (!productCode[method].includes(biz.product_code as string | undefined)) {
    throw businessRefusal('INVALID_PARAMETER', 'product_code')
  }
  return {
    appId: merchant.appId,
    outTradeNo: bizText(biz, 'out_trade_no', /^[0-9A-Za-z_-]{1,64}$/),
    method,
    subject: bizText(biz, 'subject', /^[^/=&]{1,256}$/),
    totalMinor: `${totalMinor}`,
    expiresAt: readDeadline(biz, method, now),
    ...present('body', optionalText(biz, 'body')),
    ...present('transCurrency', optionalText(biz, 'trans_currency')),
    ...present('notifyUrl', params.notify_url),
    ...present('returnUrl', params.return_url),
    ...present('quitUrl', optionalText(biz, 'quit_url')),
    ...present('passbackParams', optionalText(biz, 'passback_params')),
  }
}

/** A required text of biz_content in a fixed form. */
export function bizText(biz: Fields, name: string, form: RegExp): string {
  const value = biz[name]
  if (typeof value !== 'string' || !form.test(value)) throw businessRefusal('INVALID_PARAMETER', name)
  return value
}

/** An optional text; empty counts as absent, as on the vendor's side. */
export function optionalText(biz: Fields, name: string): string | undefined {
  const value = biz[name]
  if (value === undefined || value === '') return undefined
  if (typeof value !== 'string' || value.length > 512) throw businessRefusal('INVALID_PARAMETER', name)
  return value
}

function present<Name extends string>(name: Name, value: string | undefined): { [key in Name]?: string } {
  return value ? ({ [name]: value } as { [key in Name]?: string }) : {}
}

/** `time_expire` wins over `timeout_express` and `qr_code_timeout_express`; none may outlive the product's own limit. */
function readDeadline(biz: Fields, method: PayMethod, now: number): number {
  const latest = now + longestLifeMs[method]
  const expire = optionalText(biz, 'time_expire')
  if (expire !== undefined) {
    // The vendor also takes the form without seconds.
    const instant = parseChinaTime(/:\d\d:\d\d$/.test(expire) ? expire : `${expire}:00`)
    if (instant === undefined || instant <= now) throw businessRefusal('INVALID_PARAMETER', 'time_expire')
    return Math.min(instant, latest)
  }
  const express = optionalText(biz, 'timeout_express') ?? optionalText(biz, 'qr_code_timeout_express')
  if (express === undefined) return latest
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(express) ?? (express === '1c' ? ['', '1', 'd'] : [])
  if (!count || !unit || /^0+$/.test(count)) throw businessRefusal('INVALID_PARAMETER', 'timeout_express')
  const unitMs = unit === 'm' ? minuteMs : unit === 'h' ? 60 * minuteMs : dayMs
  return Math.min(now + Number.parseInt(count, 10) * unitMs, latest)
}
