import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EmailChannel, emailChannelDefaults, type MessageIntent, type Messaging } from './index.ts'
import { openMessagingFixture } from './messaging-fixture.ts'

const fixture = await openMessagingFixture()
const { clock, messagingOver, enqueue, code, row, states, pass } = fixture

interface Received {
  readonly from: string
  readonly to: string[]
  readonly mail: ParsedMail
}
let received: Received[]
/** What the server says when it has read a letter: null takes it, a status refuses it; it may also hang up or say nothing. */
let verdict: null | number | 'cut' | 'silent'
let server: SMTPServer
let channel: EmailChannel

beforeEach(async () => {
  received = []
  verdict = null
  server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    allowInsecureAuth: true,
    closeTimeout: 50,
    onAuth: ({ username, password }, _, done) =>
      password === 'secret' ? done(null, { user: username }) : done(new Error('wrong password')),
    onData(stream, session, done) {
      void simpleParser(stream).then((mail) => {
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          mail,
        })
        if (verdict === null) return done()
        if (verdict === 'silent') return
        if (verdict !== 'cut') return done(Object.assign(new Error('refused'), { responseCode: verdict }))
        for (const connection of server.connections) connection._socket.destroy()
      })
    },
  })
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  channel = { ...emailChannelDefaults, host: '127.0.0.1', port, tls: 'none' }
})

afterEach(async () => {
  await new Promise<void>((resolve) => server.close(resolve))
})

const mail = (messaging: Messaging, over: Partial<MessageIntent> = {}) =>
  code(messaging, { channel: 'email', to: 'li.lei@mail.example', ...over })

test('a code arrives as plain text, from the brand, to one reader', async () => {
  const messaging = messagingOver({ email: channel })
  const message = mail(messaging)
  await enqueue(messaging, message)
  expect(await messaging.drain()).toBe(1)
  expect(received).toHaveLength(1)
  const [{ from, to, mail: letter }] = received as [Received]
  expect([from, to]).toEqual(['help@laika.example', ['li.lei@mail.example']])
  expect(letter.from?.text).toBe('"莱卡保号卡（演示）" <help@laika.example>')
  expect(letter.subject).toBe('登录验证码')
  expect(letter.html).toBe(false)
  expect(letter.text).toContain('482913')
  expect(letter.text).toContain('客服热线 10154（每天 8:00–22:00（北京时间））')
  expect(letter.messageId).toBe(`<${message.id}@laika.example>`)
  expect(await row(message)).toMatchObject({ state: 'sent', sealed: null })
})

test.each([
  'a@mail.example, b@mail.example',
  'A <a@mail.example>',
  'a@mail.example\r\nBcc: b@mail.example',
  'nobody',
])('what is not exactly one address gets no mail: %j', async (to) => {
  const messaging = messagingOver({ email: channel })
  const message = mail(messaging, { to })
  await enqueue(messaging, message)
  expect(await messaging.drain()).toBe(0)
  expect(await row(message)).toMatchObject({ state: 'failed', failure: 'not one address', sealed: null })
  expect(received).toEqual([])
})

test('a log-in with the server is used when there is one', async () => {
  const messaging = messagingOver({ email: { ...channel, user: 'laika', password: 'secret' } })
  await enqueue(messaging, mail(messaging))
  expect(await messaging.drain()).toBe(1)
})

test.each([
  ['a wrong password', () => ({ ...channel, user: 'laika', password: 'wrong' })],
  ['a server that is away', () => ({ ...channel, port: 1 })],
  ['a server without the TLS that is required', () => ({ ...channel, tls: 'required' as const })],
])('%s holds the mail back without counting a try', async (_, broken) => {
  const messaging = messagingOver({ email: broken() })
  const message = mail(messaging)
  await enqueue(messaging, message)
  for (let i = 0; i < 3; i++) expect(await messaging.drain()).toBe(0)
  expect(await row(message)).toMatchObject({ state: 'queued', tries: 0, unknowns: 0 })
  expect(received).toEqual([])
})

test('a 4yz is tried again, a 5yz is not', async () => {
  const messaging = messagingOver({ email: channel })
  const [later, never] = [mail(messaging), mail(messaging)]
  await enqueue(messaging, later)
  verdict = 451
  await messaging.drain()
  expect(await row(later)).toMatchObject({ state: 'queued', tries: 1, failure: 'EMESSAGE 451' })
  verdict = 554
  await enqueue(messaging, never)
  await messaging.drain()
  expect(await row(never)).toMatchObject({ state: 'failed', failure: 'EMESSAGE 554', sealed: null })
  verdict = null
  clock.advance(5_000)
  expect(await messaging.drain()).toBe(1)
  expect(await states(later)).toEqual(['sent'])
})

test.each(['cut', 'silent'] as const)(
  'a server that read it and is %s may have taken it: it goes again, as the same letter',
  async (how) => {
    const messaging = messagingOver({ email: { ...channel, timeoutMs: 1_200 } })
    const message = mail(messaging)
    await enqueue(messaging, message)
    verdict = how
    await messaging.drain()
    expect(await row(message)).toMatchObject({ state: 'unknown', unknowns: 1 })
    verdict = null
    pass()
    expect(await messaging.drain()).toBe(1)
    expect(received).toHaveLength(2)
    expect(new Set(received.map(({ mail: letter }) => letter.messageId)).size).toBe(1)
  },
)
