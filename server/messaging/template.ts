import en from '../../i18n/en/message.json' with { type: 'json' }
import zhCN from '../../i18n/zh-CN/message.json' with { type: 'json' }
import type { Brand } from '../brand/index.ts'
import { assert } from '../platform/error.ts'

export type SmsTemplate = keyof (typeof zhCN)['sms']
export type EmailTemplate = keyof (typeof zhCN)['email']
export type TemplateName = SmsTemplate | EmailTemplate
type Channel = 'sms' | 'email'
type Locale = 'zh-CN' | 'en'

/** A message as it is read; an SMS has no subject line. */
export interface Text {
  readonly subjectLine: string | null
  readonly body: string
}

interface Template {
  /** What the caller fills, and `code` when there is a secret. */
  readonly blanks: ReadonlySet<string>
  readonly texts: Readonly<Record<Locale, Text>>
}

/** The blank that is filled from the sealed value alone. */
export const SECRET_BLANK = 'code'
/** Blanks that the brand fills. */
const BRAND_BLANKS: Readonly<Record<string, (brand: Brand, locale: Locale) => string>> = {
  brand: (brand, locale) => brand.name[locale],
  hotline: (brand) => brand.hotline.number,
  hours: (brand, locale) => brand.hotline.hours[locale],
}
const BLANK = /\{\{(\w+)\}\}/g

const templates: Readonly<Record<Channel, ReadonlyMap<string, Template>>> = {
  sms: new Map(
    Object.keys(zhCN.sms).map((name) => {
      const text = (catalogue: typeof zhCN): Text => ({
        subjectLine: null,
        body: catalogue.sms[name as SmsTemplate],
      })
      return [name, toTemplate(name, text(zhCN), text(en))]
    }),
  ),
  email: new Map(
    Object.keys(zhCN.email).map((name) => {
      const text = ({ email, emailFooter }: typeof zhCN): Text => {
        const { subject, text } = email[name as EmailTemplate]
        return { subjectLine: subject, body: `${text}\n\n-- \n${emailFooter}\n` }
      }
      return [name, toTemplate(name, text(zhCN), text(en))]
    }),
  ),
}

function toTemplate(name: string, chinese: Text, english: Text): Template {
  const blanks = blanksIn(chinese)
  assert(
    mismatch(blanksIn(english), blanks).length === 0,
    `template ${name} has the same blanks in all languages`,
  )
  const own = new Set([...blanks].filter((blank) => !(blank in BRAND_BLANKS)))
  return { blanks: own, texts: { 'zh-CN': chinese, en: english } }
}

function blanksIn({ subjectLine, body }: Text): Set<string> {
  return new Set([...`${subjectLine} ${body}`.matchAll(BLANK)].map((match) => match[1] as string))
}

/** What is in one of the two only. */
function mismatch(a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  return [...[...a].filter((name) => !b.has(name)), ...[...b].filter((name) => !a.has(name))]
}

/** The names of all templates of a channel. */
export function templateNames(channel: Channel): string[] {
  return [...templates[channel].keys()]
}

/** The blanks a caller fills; among them `code` when the template carries a secret. Throws on a template that is not there. */
export function blanksOf(channel: Channel, name: string): ReadonlySet<string> {
  return templateOf(channel, name).blanks
}

function templateOf(channel: Channel, name: string): Template {
  const template = templates[channel].get(name)
  assert(template, `there is no ${channel} template ${name}`)
  return template
}

/** Throws unless exactly the template's blanks are filled, the secret one by a sealed value and never in the clear. */
export function assertFilled(
  channel: Channel,
  name: string,
  values: Readonly<Record<string, string>>,
  hasSecret: boolean,
): void {
  const { blanks } = templateOf(channel, name)
  const given = new Set(Object.keys(values))
  assert(!given.has(SECRET_BLANK), `the secret of ${channel} ${name} is sealed, not among the values`)
  assert(
    blanks.has(SECRET_BLANK) === hasSecret,
    `${channel} ${name} is sealed when, and only when, it carries a code`,
  )
  if (hasSecret) given.add(SECRET_BLANK)
  const wrong = mismatch(blanks, given)
  assert(wrong.length === 0, `the blanks of ${channel} ${name} and the values differ in: ${wrong.join(', ')}`)
}

/** An SMS holds nothing that a handset turns into a link: no scheme, no host name, no address. */
const LINK = /:\/\/|\bwww\.|[\p{L}\p{N}]\.\p{L}{2,}|@/iu

export class LinkInSms extends Error {}

/** The finished text, with the brand's sign before an SMS. Throws LinkInSms when a value smuggled one in. */
export function compose(
  brand: Brand,
  channel: Channel,
  name: string,
  locale: Locale,
  values: Readonly<Record<string, string>>,
): Text {
  const { subjectLine, body } = templateOf(channel, name).texts[locale]
  // One pass, so that a value with blanks in it stays as it is.
  const fill = (text: string) =>
    text.replace(BLANK, (_, blank: string) => {
      const value = BRAND_BLANKS[blank]?.(brand, locale) ?? values[blank]
      assert(value !== undefined, `the blank ${blank} of ${channel} ${name} is filled`)
      return value
    })
  if (channel === 'email') return { subjectLine: fill(subjectLine ?? ''), body: fill(body) }
  const text = sign(brand, locale) + fill(body)
  if (LINK.test(text)) throw new LinkInSms(`the SMS ${name} would hold a link`)
  return { subjectLine: null, body: text }
}

function sign(brand: Brand, locale: Locale): string {
  return locale === 'zh-CN' ? `【${brand.smsSign['zh-CN']}】` : `${brand.smsSign.en}: `
}
