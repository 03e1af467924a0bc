import type { ChannelsView } from '../../contract/brand.ts'
import type { AccountView, DevicesView } from '../../contract/session.ts'
import type { CaseView } from '../../contract/support.ts'
import { brandPresets, readBrand } from '../../server/brand/index.ts'
import type { Script } from './scripted-api.ts'
import { cny, endingLine, orderId, own, ownLine, signedIn } from './scripted-views.ts'

export const account: AccountView = {
  ...{ name: '小林', locale: 'zh-CN', msisdn: own, email: 'lin@example.com', hasPassword: true },
  registeredAt: '2025-11-20T02:30:00.000Z',
  terms: { accepted: '2026-11', inForce: '2026-11' },
  phoneChange: null,
}

export const waitingChange = {
  to: '138****8000',
  askedAt: '2026-11-22T06:05:00.000Z',
  dueAt: '2026-11-23T06:05:00.000Z',
}

const openedAt = '2026-11-20T02:30:00.000Z'
export const devices: DevicesView = {
  sessions: [
    {
      ...{ id: '01JD9Z3K6N8Q4W2V7X5Y0ABCS1', current: true, browser: 'chrome', system: 'android' },
      ...{ assurance: 'password', openedAt, seenAt: '2026-11-22T06:00:00.000Z' },
    },
    {
      ...{ id: '01JD9Z3K6N8Q4W2V7X5Y0ABCS2', current: false, browser: 'wechat', system: 'iphone' },
      ...{ assurance: 'sms', openedAt, seenAt: '2026-11-21T12:20:00.000Z' },
    },
    {
      ...{ id: '01JD9Z3K6N8Q4W2V7X5Y0ABCS3', current: false, browser: null, system: null },
      ...{ assurance: 'sms', openedAt: '2026-11-01T00:00:00.000Z', seenAt: '2026-11-02T08:00:00.000Z' },
    },
  ],
}

export const openedCase: CaseView = {
  ...{ number: 'LK-261122-7Q4W2V', state: 'open', topic: 'top-up' },
  body: '充值成功了，但是余额没有变化。',
  order: { id: orderId, msisdn: '154****1234', price: cny('2300') },
  reply: { by: 'sms', to: '154****1234', confirmed: true },
  ...{ openedAt: '2026-11-22T06:30:00.000Z', answer: null, answeredAt: null },
}

export const answeredCase: CaseView = {
  ...openedCase,
  ...{ number: 'LK-261102-3M8K5T', state: 'answered', topic: 'number', order: null },
  body: '号码显示冻结，还能保留吗？',
  openedAt: '2026-11-02T08:00:00.000Z',
  answer: '可以。在 2026-12-01 前充值 30 元及以上，号码会自动恢复，并保留至充值后 90 天。',
  answeredAt: '2026-11-02T08:40:00.000Z',
}

/** What the brand says of itself; the hotline as it is at two in the afternoon. */
export function channelsView(key: string): ChannelsView {
  const preset = brandPresets.find((candidate) => candidate.key === key)
  const { hotline, email, smsSign, channels } = readBrand(key, preset?.facts)
  const { number, hours, zone } = hotline
  return {
    ...{ ...channels, email, smsSign },
    hotline: { number, hours, zone, open: true, changesAt: '2026-11-22T14:00:00.000Z' },
  }
}

/** Everything that somebody signed in sees of themselves. */
export const mine: Script = {
  'GET /v1/session': { ...signedIn, assurance: 'password', email: 'lin@example.com', hasPassword: true },
  'GET /v1/me': account,
  'GET /v1/me/sessions': devices,
  'GET /v1/me/lines': { lines: [ownLine, endingLine] },
  'GET /v1/me/cases': { cases: [openedCase, answeredCase] },
  'GET /v1/channels': channelsView('laika'),
  'POST /v1/codes': { validSeconds: 600, resendAfterSeconds: 60, to: '154****1234' },
}
