import { describe, expect, it } from 'vitest'
import { lineHouse } from '../../test/support/line.ts'
import { formatDay, preActive } from '../policy/index.ts'
import { moneyText } from './money-text.ts'

const house = await lineHouse()
const { visit, open, key, today, brands } = house
const gateways = { laika: await key(['ussd:answer']), harbour: await key(['ussd:answer'], 'harbour') }
const dial = async (brand: 'laika' | 'harbour', msisdn: string, text = '*101#') =>
  await visit(brand).send('POST', '/v1/ussd', { msisdn, text }, gateways[brand])

const GSM_7 = /^[@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/
/** 160 octets on the air: 182 septets or 80 characters of UCS-2. */
const fits = (text: string) => text.length <= (GSM_7.test(text) ? 182 : 80)

describe('*101#', () => {
  it('says balance and the day the number is kept until, in the brand’s language', async () => {
    await open({ msisdn: '8615420000001', days: 31, paidMinor: 6230n })
    await open({ msisdn: '447700900201', brand: 'harbour', days: 31, paidMinor: 1230n })
    expect((await dial('laika', '8615420000001')).body).toEqual({
      text: `余额 ¥62.30\n号码保留至 ${formatDay(today() + 210)}（还剩 210 天）`,
      continue: false,
    })
    expect((await dial('harbour', '447700900201')).body).toEqual({
      text: `Balance £12.30\nNumber kept until ${formatDay(today('harbour') + 30)} (30 days left)`,
      continue: false,
    })
  })

  it('says one day in the singular, and the last day as none left', async () => {
    await open({ msisdn: '447700900202', brand: 'harbour', days: 2 })
    await open({ msisdn: '447700900203', brand: 'harbour', days: 1 })
    expect((await dial('harbour', '447700900202')).body.text).toContain('(1 day left)')
    expect((await dial('harbour', '447700900203')).body.text).toContain('(0 days left)')
  })

  it('says in words what has no date', async () => {
    const endless = { ...preActive, standing: 'in-service', service: 'unlimited' } as const
    const states = {
      '8615420000011': [{ state: preActive, paidMinor: 5n }, '号码待激活\n余额 ¥0.05'],
      '8615420000012': [{ state: { ...preActive, standing: 'ported-out' as const } }, '该号码已携出'],
      '8615420000013': [{ state: endless }, '余额 ¥0.00\n号码长期保留'],
      '8615420000014': [{ days: -180 }, '该号码已销号'],
    } as const
    for (const [msisdn, [line, text]] of Object.entries(states)) {
      await open({ msisdn, ...line })
      expect((await dial('laika', msisdn)).body.text).toBe(text)
    }
  })

  it('fits one screen however large the figures are', async () => {
    const most = 10n ** 15n - 1n
    await open({ msisdn: '8615420000021', days: 30_000, paidMinor: most })
    await open({ msisdn: '447700900221', brand: 'harbour', days: 30_000, paidMinor: most })
    const answers = [
      await dial('laika', '8615420000021'),
      await dial('laika', '8615420000021', '*100#'),
      await dial('harbour', '447700900221'),
      await dial('harbour', '447700900221', '*100#'),
    ]
    for (const { body } of answers) expect([body.text, fits(body.text)]).toEqual([body.text, true])
    expect(answers.slice(2).every(({ body }) => GSM_7.test(body.text))).toBe(true)
  })

  it('is asked with the gateway’s key alone, of the brand’s own lines', async () => {
    const body = { msisdn: '8615420000001', text: '*101#' }
    const reader = await key(['line:read'])
    expect(await visit().send('POST', '/v1/ussd', body)).toMatchObject({ status: 401 })
    expect(await visit().send('POST', '/v1/ussd', body, reader)).toMatchObject({
      body: { code: 'scope-missing' },
    })
    for (const stranger of ['447700900201', '8615429999999'])
      expect(await dial('laika', stranger)).toMatchObject({ status: 404, body: { code: 'line-not-found' } })
  })
})

it('anything else gets plain help', async () => {
  for (const text of ['*102#', '', '*101', 'balance', '*101*1#']) {
    expect((await dial('laika', '8615420000001', text)).body).toEqual({
      text: `查询余额和号码保留日期请拨 *101#\n客服热线 ${brands.get('laika').hotline.number}`,
      continue: false,
    })
  }
})

it('amounts have the minor digits of their currency and a symbol where it is known', () => {
  expect(moneyText(5n, 'CNY', 'zh-CN')).toBe('¥0.05')
  expect(moneyText(6230n, 'CNY', 'en')).toBe('CNY 62.30')
  expect(moneyText(100n, 'GBP', 'en')).toBe('£1.00')
  expect(moneyText(1500n, 'JPY', 'en')).toBe('JPY 1500')
  expect(moneyText(1500n, 'KWD', 'en')).toBe('KWD 1.500')
})
