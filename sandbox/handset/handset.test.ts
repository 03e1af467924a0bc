import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startWorld, type World } from '../testing/world.ts'

let world: World
let operator: Server
let asked: { authorization: string | undefined; path: string | undefined; body: unknown }[]
let reply: { status: number; body: string }

const phone = '8617012340001'

beforeAll(async () => {
  operator = createServer((incoming, outgoing) => {
    void readAll(incoming).then((body) => {
      const { authorization } = incoming.headers
      asked.push({ authorization, path: incoming.url, body: JSON.parse(body) })
      outgoing.writeHead(reply.status).end(reply.body)
    })
  })
  await new Promise<void>((resolve) => operator.listen(0, '127.0.0.1', resolve))
  world = await startWorld(`http://127.0.0.1:${(operator.address() as AddressInfo).port}`)
})
afterAll(async () => {
  await world.end()
  operator.closeAllConnections()
  await new Promise((resolve) => operator.close(resolve))
})
beforeEach(() => {
  asked = []
  reply = {
    status: 200,
    body: JSON.stringify({ text: '余额 ¥62.30\n号码保留至 2027-02-20', continue: false }),
  }
})

async function readAll(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const at = (path: string) => `${world.sandbox.addresses.home}${path}`
const see = async (path: string) => await (await fetch(at(path))).text()

async function dial(msisdn: string, text: string): Promise<string> {
  const answer = await fetch(at(`/handset/${msisdn}/ussd`), {
    method: 'POST',
    body: new URLSearchParams({ text }),
    redirect: 'manual',
  })
  expect(answer.status).toBe(303)
  return await see(answer.headers.get('location') ?? '')
}

test('sends what was dialled to the operator of the number and shows the answer', async () => {
  const shown = await dial(phone, '*101#')
  expect(asked).toEqual([
    { authorization: 'Bearer ussd-key', path: '/v1/ussd', body: { msisdn: phone, text: '*101#' } },
  ])
  expect(shown).toContain('data-testid="ussd-answer">余额 ¥62.30\n号码保留至 2027-02-20<')
})

test('says when the network waits for another input', async () => {
  reply.body = JSON.stringify({ text: '1 余额 2 有效期', continue: true })
  expect(await dial(phone, '*100#')).toContain('网络等待您继续输入')
})

test.each([
  [{ status: 503, body: 'busy' }, 'HTTP 503 busy'],
  [{ status: 200, body: '{"txt":1}' }, 'HTTP 200, but not'],
  [{ status: 200, body: 'not json' }, 'HTTP 200, but not'],
])('shows a plain error for %j', async (wrong, words) => {
  reply = wrong
  const shown = await dial(phone, '*101#')
  expect(shown).toContain('data-testid="ussd-error"')
  expect(shown).toContain(words)
})

test('a number of no operator cannot dial, and says so', async () => {
  expect(await dial('447700900123', '*101#')).toContain('No operator has registered this number range.')
  expect(asked).toEqual([])
})

test('the JSON face answers as the operator did', async () => {
  const post = (body: string, msisdn = phone) =>
    fetch(at(`/api/handset/${msisdn}/ussd`), { method: 'POST', body })
  const answer = await post('{"text":"*101#"}')
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({ text: '余额 ¥62.30\n号码保留至 2027-02-20', continue: false })
  reply.status = 500
  expect((await post('{"text":"*101#"}')).status).toBe(502)
  expect((await post('{}')).status).toBe(400)
})

test('finds a handset by a number as people write it, and no handset by none', async () => {
  const target = async (msisdn: string) => {
    const answer = await fetch(at(`/handset?msisdn=${encodeURIComponent(msisdn)}`), { redirect: 'manual' })
    return answer.headers.get('location')
  }
  expect(await target('+86 170 1234-0001')).toBe(`/handset/${phone}`)
  expect(await target('hello')).toBe('/')
  expect((await fetch(at('/handset/12ab'))).status).toBe(404)
  expect(await see(`/handset/${phone}?lang=en`)).toContain('No messages yet')
})
