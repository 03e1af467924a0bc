import { expect, test } from 'vitest'
import { channelsFromEnv } from './channel-urls.ts'
import { emailChannelDefaults, smsChannelDefaults } from './channels.ts'

test('what is not written is not set up, and brands do not see each other', () => {
  expect(channelsFromEnv({}, 'laika')).toEqual({ sms: null, email: null })
  const env = { BAOHAO_SMS_HARBOUR: 'smpp://h:p@smsc.example', BAOHAO_MAIL_HARBOUR: '' }
  expect(channelsFromEnv(env, 'laika')).toEqual({ sms: null, email: null })
})

test('an SMSC is read with its usual port, escapes, TLS and limits', () => {
  const read = (text: string) => channelsFromEnv({ BAOHAO_SMS_LAIKA: text }, 'laika').sms
  expect(read('smpp://laika:p%40ss@smsc.example')).toEqual({
    ...smsChannelDefaults,
    host: 'smsc.example',
    port: 2775,
    systemId: 'laika',
    password: 'p@ss',
  })
  expect(read('smpps://laika:p@[::1]:3550?window=20&per-second=50')).toMatchObject({
    host: '::1',
    port: 3550,
    tls: true,
    window: 20,
    perSecond: 50,
  })
})

test.each([
  ['smtp://mail.example', { port: 587, tls: 'required', user: null, password: null }],
  ['smtp://u:p%3Aq@mail.example:2525', { port: 2525, tls: 'required', user: 'u', password: 'p:q' }],
  ['smtps://mail.example', { port: 465, tls: 'implicit' }],
  ['smtp://127.0.0.1:4060', { port: 4060, tls: 'none' }],
  ['smtp://[::1]', { host: '::1', tls: 'none' }],
])('a mail server is read: %s', (text, expected) => {
  const { email } = channelsFromEnv({ BAOHAO_MAIL_LAIKA: text }, 'laika')
  expect(email).toMatchObject({ timeoutMs: emailChannelDefaults.timeoutMs, ...expected })
})

test.each([
  ['BAOHAO_SMS_LAIKA', 'smsc.example'],
  ['BAOHAO_SMS_LAIKA', 'http://smsc.example'],
  ['BAOHAO_SMS_LAIKA', 'smpp://a:b@smsc.example?window=0'],
  ['BAOHAO_SMS_LAIKA', 'smpp://a:b@smsc.example?per-second=1.5'],
  ['BAOHAO_MAIL_LAIKA', 'smpp://mail.example'],
])('%s=%s is refused by name', (variable, text) => {
  expect(() => channelsFromEnv({ [variable]: text }, 'laika')).toThrow(variable)
})
