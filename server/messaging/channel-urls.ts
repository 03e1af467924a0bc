import {
  type Channels,
  type EmailChannel,
  emailChannelDefaults,
  type SmsChannel,
  smsChannelDefaults,
} from './channels.ts'

const SMPP_PORT = 2775
const SMTP_PORT = 587
const SMTPS_PORT = 465

/**
 * A brand's channels as operators write them in the environment: `BAOHAO_SMS_LAIKA=smpp://systemId:password@host:2775`
 * (`smpps:` for TLS; `?window=20&per-second=50` where the carrier sets limits) and `BAOHAO_MAIL_LAIKA=smtp://user:password@host:587` (`smtps:` for TLS from the first byte; to this
 * machine itself `smtp:` goes without TLS). A channel that is not written is not set up. Throws naming the variable.
 */
export function channelsFromEnv(env: Readonly<Record<string, string | undefined>>, brand: string): Channels {
  const name = brand.toUpperCase()
  return {
    sms: readUrl(env, `BAOHAO_SMS_${name}`, /^smpps?:$/, smsChannel),
    email: readUrl(env, `BAOHAO_MAIL_${name}`, /^smtps?:$/, emailChannel),
  }
}

function readUrl<T>(
  env: Readonly<Record<string, string | undefined>>,
  variable: string,
  protocol: RegExp,
  read: (url: URL, variable: string) => T,
): T | null {
  const text = env[variable]
  if (!text) return null
  if (!URL.canParse(text) || !protocol.test(new URL(text).protocol)) {
    throw new Error(
      `${variable} must be a URL with ${protocol.source.replace(/[\^$?]/g, '')}//, as in the documentation`,
    )
  }
  return read(new URL(text), variable)
}

const portOf = (url: URL, usual: number) => (url.port === '' ? usual : Number.parseInt(url.port, 10))

const hostOf = (url: URL) => url.hostname.replace(/^\[(.*)\]$/, '$1')

function smsChannel(url: URL, variable: string): SmsChannel {
  const limit = (parameter: string) => {
    const text = url.searchParams.get(parameter)
    if (text !== null && !/^[1-9]\d{0,4}$/.test(text)) {
      throw new Error(`${parameter} in ${variable} must be a whole number from 1`)
    }
    return text === null ? null : Number.parseInt(text, 10)
  }
  return {
    ...smsChannelDefaults,
    window: limit('window') ?? smsChannelDefaults.window,
    perSecond: limit('per-second'),
    host: hostOf(url),
    port: portOf(url, SMPP_PORT),
    tls: url.protocol === 'smpps:',
    systemId: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  }
}

function emailChannel(url: URL): EmailChannel {
  const implicit = url.protocol === 'smtps:'
  const host = hostOf(url)
  const local = ['127.0.0.1', 'localhost', '::1'].includes(host)
  return {
    ...emailChannelDefaults,
    host,
    port: portOf(url, implicit ? SMTPS_PORT : SMTP_PORT),
    tls: implicit ? 'implicit' : local ? 'none' : 'required',
    user: url.username === '' ? null : decodeURIComponent(url.username),
    password: url.password === '' ? null : decodeURIComponent(url.password),
  }
}
