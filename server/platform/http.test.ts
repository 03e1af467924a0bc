import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { Type } from 'typebox'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { createClock } from './clock.ts'
import { defineErrors, refuse } from './error.ts'
import { createHttp, type HttpOptions, listen } from './http.ts'

const access = { who: ['anyone'], reach: 'nothing' } as const
const errors = defineErrors({ 'try-later': ['too-many', 'Later'] })

/** A server with a route for every way to answer, and the lines it logged. */
async function server(options: Partial<HttpOptions> = {}) {
  const stream = new PassThrough()
  const lines: Record<string, unknown>[] = []
  stream.on('data', (line) => lines.push(JSON.parse(line)))
  const http = await createHttp({
    clock: createClock(),
    log: pino(stream),
    secureOrigin: true,
    trustedProxies: 0,
    formTargets: ['https://pay.test'],
    ...options,
  })
  const config = { access }
  http.get('/fine', { config }, async ({ ip }) => ({ ip }))
  http.post('/fine', { config }, async () => ({ fine: true }))
  http.post('/notified', { config: { access, crossSite: true } }, async () => ({ fine: true }))
  http.get('/refused', { config }, async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=60')
    throw refuse(errors['try-later'], { retryAfterSeconds: 7 })
  })
  http.get('/broken', { config }, async () => {
    throw new Error('a secret of the inside')
  })
  http.get('/thrown-nothing', { config }, async () => Promise.reject())
  const schema = { params: Type.Object({ id: Type.String({ pattern: '^[a-z]{1,5}$' }) }) }
  http.get('/named/:id', { config, schema }, async () => ({ fine: true }))
  afterAll(() => http.close())
  return { http, lines }
}

const { http, lines } = await server()

describe('every answer', () => {
  it.each<[string, 'GET' | 'POST' | 'DELETE', string, number]>([
    ['a success', 'GET', '/fine', 200],
    ['a refusal', 'GET', '/refused', 429],
    ['a fault', 'GET', '/broken', 500],
    ['a fault without a word', 'GET', '/thrown-nothing', 500],
    ['an address that is none', 'GET', '/nowhere', 404],
    ['a method that is none there', 'DELETE', '/fine', 404],
    ['an address that is no text', 'GET', '/named/%ff', 404],
    ['an address with a NUL', 'GET', '/named/a%00', 404],
    ['an address that is too long', 'GET', `/named/${'x'.repeat(8000)}`, 400],
    ['a form in the place of JSON', 'POST', '/fine', 415],
  ])('%s has the headers that keep a browser safe', async (_, method, url, status) => {
    const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'a=1' }
    const response = await http.inject({ method, url, ...(method === 'POST' ? form : {}) })
    expect(response.statusCode).toBe(status)
    expect(response.headers).toMatchObject({
      'strict-transport-security': 'max-age=63072000',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), microphone=(), geolocation=(self), payment=()',
      'cache-control': 'no-store',
    })
    const policy = String(response.headers['content-security-policy']).split(';')
    expect(policy).toEqual([
      "default-src 'self'",
      "img-src 'self' data:",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "form-action 'self' https://pay.test",
      "script-src 'self'",
      "style-src 'self'",
      'upgrade-insecure-requests',
    ])
    expect(response.headers).not.toHaveProperty('x-powered-by')
    expect(response.headers).not.toHaveProperty('server')
    if (status === 200) return
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(response.json()).toMatchObject({ status, requestId: response.headers['x-request-id'] })
  })

  it('has a request id of its own', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => http.inject('/fine')))
    expect(new Set(answers.map((answer) => answer.headers['x-request-id'])).size).toBe(20)
  })

  it('over plain http does not ask for https', async () => {
    const plain = await server({ secureOrigin: false })
    const { headers } = await plain.http.inject('/fine')
    expect(headers).not.toHaveProperty('strict-transport-security')
    expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests')
  })

  it('that asks to come again says when', async () => {
    const { headers } = await http.inject('/refused')
    expect(headers['retry-after']).toBe('7')
  })

  it('of a fault keeps its reason inside, and in the log once, by the request id', async () => {
    const { headers, body } = await http.inject('/broken')
    expect(body).not.toContain('secret')
    const told = lines.filter((line) => line.requestId === headers['x-request-id'])
    expect(told).toMatchObject([{ level: 50, route: '/broken', err: { message: 'a secret of the inside' } }])
  })

  it('of a refusal is nothing to log', async () => {
    const before = lines.length
    await http.inject('/refused')
    await http.inject('/nowhere')
    await http.inject('/fine')
    expect(lines.length).toBe(before)
  })
})

describe('a route', () => {
  it('that does not say who may call it keeps the program from starting', async () => {
    const { http: another } = await server()
    expect(() => another.get('/open', async () => 'open')).toThrow('GET /open declares no access')
  })

  it('stands in the table by method and address, with who may call it', async () => {
    const another = (await server()).http
    const table = another.routeTable.map(({ method, url }) => `${method} ${url}`)
    expect(table).toEqual([
      'GET /fine',
      'POST /fine',
      'POST /notified',
      'GET /refused',
      'GET /broken',
      'GET /thrown-nothing',
      'GET /named/:id',
    ])
    expect(another.routeTable[0]).toEqual({ method: 'GET', url: '/fine', ...access })
  })

  it('is made without a word of what will be gone in the next version', async () => {
    const warned: string[] = []
    const onWarning = (warning: Error) => warned.push(warning.message)
    process.on('warning', onWarning)
    await server()
    await sleep(10)
    process.off('warning', onWarning)
    expect(warned).toEqual([])
  })
})

describe('a write', () => {
  const host = 'laika.test'
  const write = async (headers: Record<string, string>, url = '/fine') =>
    (await http.inject({ method: 'POST', url, headers: { host, ...headers } })).statusCode

  it.each<[string, Record<string, string>, number]>([
    ['our own page', { 'sec-fetch-site': 'same-origin' }, 200],
    ['our own page, whatever its Origin', { 'sec-fetch-site': 'same-origin', origin: 'https://x.test' }, 200],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
    [
      'another site that borrows our Origin',
      { 'sec-fetch-site': 'cross-site', origin: `https://${host}` },
      403,
    ],
    ['another brand beside us', { 'sec-fetch-site': 'same-site' }, 403],
    ['the address bar', { 'sec-fetch-site': 'none' }, 403],
    ['an old browser on our page', { origin: `https://${host}` }, 200],
    ['an old browser on another page', { origin: 'https://evil.test' }, 403],
    ['an old browser on our name at another port', { origin: `https://${host}:8443` }, 403],
    ['an old browser on a name that begins like ours', { origin: `https://${host}.evil.test` }, 403],
    ['an old browser in a sandboxed frame', { origin: 'null' }, 403],
    ['a program', {}, 200],
  ])('from %s', async (_, headers, status) => {
    expect(await write(headers)).toBe(status)
  })

  it('from anywhere is for the routes that carry no session', async () => {
    expect(await write({ 'sec-fetch-site': 'cross-site', origin: 'https://pay.test' }, '/notified')).toBe(200)
  })

  it('to nowhere from another site is told no more than anybody', async () => {
    expect(await write({ 'sec-fetch-site': 'cross-site' }, '/nowhere')).toBe(403)
  })

  it('is not what another site may ask leave for, and reading is free', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' }
    expect((await http.inject({ method: 'OPTIONS', url: '/fine', headers })).statusCode).toBe(403)
    const read = await http.inject({ url: '/fine', headers })
    expect(read.statusCode).toBe(200)
    expect(read.headers).not.toHaveProperty('access-control-allow-origin')
    expect((await http.inject({ method: 'HEAD', url: '/fine', headers })).statusCode).toBe(200)
  })
})

describe('the caller’s address', () => {
  it.each([
    [0, '192.0.2.1'],
    [1, '203.0.113.9'],
    [2, '198.51.100.7'],
  ])('behind %i proxies is %s', async (trustedProxies, expected) => {
    const { http: behind } = await server({ trustedProxies })
    const response = await behind.inject({
      url: '/fine',
      remoteAddress: '192.0.2.1',
      headers: { 'x-forwarded-for': '10.0.0.1, 198.51.100.7, 203.0.113.9' },
    })
    expect(response.json()).toEqual({ ip: expected })
  })
})

describe('listening', () => {
  /** What a server answers to bytes, until it hangs up. */
  async function raw(port: number, bytes: string): Promise<string> {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    let answer = ''
    socket.on('data', (data) => {
      answer += data
    })
    socket.write(bytes)
    await once(socket, 'close')
    return answer
  }

  it('on several ports serves the same routes, and what is no HTTP gets a plain problem', async () => {
    const { http: listening } = await server()
    const { addresses, close } = await listen(listening, '127.0.0.1', [0, 0])
    expect(new Set(addresses).size).toBe(2)
    for (const address of addresses) {
      expect(await (await fetch(`${address}/fine`)).json()).toEqual({ ip: '127.0.0.1' })
      const port = Number.parseInt(new URL(address).port, 10)
      const garbage = await raw(port, 'NOT HTTP\r\n\r\n')
      const endless = await raw(port, `GET /fine HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)
      expect(garbage).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
      expect(endless).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/)
      for (const answer of [garbage, endless]) {
        expect(answer).toMatch(/\r\nx-content-type-options: nosniff\r\n/)
        const [head, body] = answer.split('\r\n\r\n') as [string, string]
        expect(head).toContain(`content-length: ${body.length}`)
        expect(JSON.parse(body)).toMatchObject({ type: 'about:blank' })
      }
    }
    await close()
    await expect(fetch(`${addresses[1]}/fine`)).rejects.toThrow()
  })

  it('on a port that is taken fails', async () => {
    const { http: first } = await server()
    const { addresses } = await listen(first, '127.0.0.1', [0])
    const port = Number.parseInt(new URL(addresses[0] as string).port, 10)
    const { http: second } = await server()
    await expect(listen(second, '127.0.0.1', [0, port])).rejects.toMatchObject({ code: 'EADDRINUSE', port })
  })

  it('that ends answers what it still hears with a problem, and when to come again', async () => {
    const { http: ending } = await server()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let asked = false
    ending.get('/slow', { config: { access } }, async () => {
      asked = true
      await held
      return { fine: true }
    })
    await ending.listen({ host: '127.0.0.1', port: 0 })
    const { port } = ending.server.address() as AddressInfo
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.on('data', (data) => {
      heard += data
    })
    socket.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n')
    await vi.waitFor(() => expect(asked).toBe(true))
    const closing = ending.close()
    await vi.waitFor(() => expect(ending.server.listening).toBe(false))
    socket.write('GET /fine HTTP/1.1\r\nhost: x\r\n\r\n')
    await sleep(50)
    release()
    await once(socket, 'close')
    const [first, second] = heard.split(/(?=HTTP\/1\.1 )/)
    expect(first).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(second).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/)
    expect(second).toMatch(/\r\nretry-after: 1\r\n/)
    expect(second).toMatch(/\r\nx-frame-options: DENY\r\n/i)
    expect(JSON.parse(second?.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      code: 'stopping',
      moneyMoved: false,
    })
    await closing
  })
})
