import { describe, expect, test } from 'vitest'
import { type Brand, brandPresets, readBrand } from '../brand/index.ts'
import { fitsGsm7 } from './gsm7.ts'
import { segmentsOf } from './segment.ts'
import {
  assertFilled,
  blanksOf,
  compose,
  type EmailTemplate,
  LinkInSms,
  type SmsTemplate,
  templateNames,
} from './template.ts'

const [laika, harbour] = brandPresets.map(({ key, facts }) => readBrand(key, facts)) as [Brand, Brand]
const typical: Record<'zh-CN' | 'en', Record<string, string>> = {
  'zh-CN': {
    code: '482913',
    minutes: '10',
    amount: '50 元',
    balance: '62.30 元',
    date: '2027-06-01',
    number: '154****1234',
    time: '2026-11-22 14:35',
    due: '2026-11-23 14:35',
    answer: 'OK 好的',
  },
  en: {
    code: '482913',
    minutes: '10',
    amount: 'GBP 50.00',
    balance: 'GBP 62.30',
    date: '2027-06-01',
    number: '07700****23',
    time: '2026-11-22 14:35',
    due: '2026-11-23 14:35',
    answer: 'OK 好的',
  },
}
const filled = (channel: 'sms' | 'email', name: string, locale: 'zh-CN' | 'en') =>
  Object.fromEntries([...blanksOf(channel, name)].map((blank) => [blank, typical[locale][blank] as string]))
const read = (brand: Brand, channel: 'sms' | 'email', name: string, locale: 'zh-CN' | 'en') =>
  compose(brand, channel, name, locale, filled(channel, name, locale))

const everySms = templateNames('sms').flatMap((name) =>
  (['zh-CN', 'en'] as const).flatMap((locale) =>
    [laika, harbour].map((brand) => ({ name, locale, brand, key: brand.key })),
  ),
)

describe.each(everySms)('SMS $name, $locale, $key', ({ name, locale, brand }) => {
  const { body, subjectLine } = read(brand, 'sms', name, locale)

  test('is signed by the brand, filled, and holds no link', () => {
    const sign = locale === 'en' ? `${brand.smsSign.en}: ` : `【${brand.smsSign['zh-CN']}】`
    expect(body.startsWith(sign)).toBe(true)
    expect(subjectLine).toBeNull()
    expect(body).not.toMatch(/[{}]|undefined|null/)
    expect(body).not.toMatch(/http|www|:\/\/|\.(com|cn|net|org|example|uk)\b|\/\w/i)
  })

  test('takes one short message in Chinese unless it is a notice, and stays in the GSM alphabet in English', () => {
    const parts = segmentsOf(body, 0).length
    if (locale === 'en') expect(fitsGsm7(body)).toBe(true)
    expect(parts).toBeLessThanOrEqual(name.endsWith('-code') || name.startsWith('top-up') ? 1 : 2)
  })

  test('warns whoever gets a code', () => {
    if (!name.endsWith('-code')) return expect(body).not.toContain('482913')
    expect(body).toContain('482913')
    expect(body).toContain(locale === 'en' ? 'Tell nobody' : '请勿告诉他人')
    expect(body).toContain(locale === 'en' ? '10 minutes' : '10 分钟内有效')
  })
})

test.each([
  ['log-in-code', '【莱卡保号】登录验证码 482913，10 分钟内有效。请勿告诉他人，工作人员也不会索要。'],
  ['top-up-credited', '【莱卡保号】充值已到账：50 元。余额 62.30 元，号码保留至 2027-06-01。'],
  [
    'order-held',
    '【莱卡保号】已收到您为 154****1234 充值支付的 50 元，暂时不能到账。最晚 2026-11-22 14:35 到账，否则自动原路退回，请勿重复支付。',
  ],
  [
    'email-changed',
    '【莱卡保号】您账号的邮箱已于 2026-11-22 14:35 更改。如非本人操作，请立即致电客服热线 10154。',
  ],
] satisfies [SmsTemplate, string][])('%s reads as it should', (name, text) => {
  expect(read(laika, 'sms', name, 'zh-CN').body).toBe(text)
})

test.each(templateNames('email') as EmailTemplate[])(
  'e-mail %s has a subject, no blank left and the brand at its end',
  (name) => {
    for (const locale of ['zh-CN', 'en'] as const) {
      const { subjectLine, body } = read(harbour, 'email', name, locale)
      expect(subjectLine).toMatch(/^\S[^\n{}]+$/)
      expect(body).not.toMatch(/[{}]|undefined/)
      expect(body).toContain('07700 900999')
      expect(body.includes('482913')).toBe(name.endsWith('-code'))
      expect(subjectLine).not.toContain('482913')
    }
  },
)

describe('blanks', () => {
  test('must be filled exactly, and a code only by a sealed value', () => {
    const good = { amount: '50 元', balance: '62.30 元', date: '2027-06-01' }
    expect(() => assertFilled('sms', 'top-up-credited', good, false)).not.toThrow()
    expect(() => assertFilled('sms', 'top-up-credited', { ...good, extra: 'x' }, false)).toThrow('extra')
    expect(() => assertFilled('sms', 'top-up-credited', { amount: '50 元', date: 'x' }, false)).toThrow(
      'balance',
    )
    expect(() => assertFilled('sms', 'top-up-credited', good, true)).toThrow('sealed')
    expect(() => assertFilled('sms', 'log-in-code', { minutes: '10' }, true)).not.toThrow()
    expect(() => assertFilled('sms', 'log-in-code', { minutes: '10' }, false)).toThrow('sealed')
    expect(() => assertFilled('sms', 'log-in-code', { minutes: '10', code: '1' }, true)).toThrow('sealed')
    expect(() => assertFilled('sms', 'log-in-code', { minutes: '10', hotline: '1' }, true)).toThrow('hotline')
    expect(() => assertFilled('sms', 'set-email-code', { minutes: '10' }, true)).toThrow('no sms template')
  })

  test('a value is put in as it is, even one that looks like a blank', () => {
    const values = { amount: '{{balance}}', balance: '$&', date: '$1' }
    expect(compose(laika, 'sms', 'top-up-credited', 'en', values).body).toBe(
      'Laika: Top-up received: {{balance}}. Balance $&. Number kept until $1.',
    )
  })

  test.each(['https://a', 'x://y', 'www.evil', 'evil.com', '请看evil.cn/a', 'a@b', '例.中国'])(
    'a link in a value is not sent: %s',
    (date) => {
      const values = { amount: '50 元', balance: '62.30 元', date }
      expect(() => compose(laika, 'sms', 'top-up-credited', 'zh-CN', values)).toThrow(LinkInSms)
    },
  )
})
