import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { json, type Listener, plain, serve } from './http.ts'

let listener: Listener

beforeAll(async () => {
  listener = await serve(
    [
      { method: 'GET', path: '/things/:name', answer: ({ parts }) => plain(200, parts.name ?? '') },
      { method: 'POST', path: '/things/:name', answer: (incoming) => json(incoming.json()) },
      {
        method: 'GET',
        path: '/silence',
        answer: () => ({ status: 0, hang: true }),
      },
    ],
    0,
    { foreignForms: false },
  )
})
afterAll(() => listener.close())

function call(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const { body, ...rest } = options
    const outgoing = request(`${listener.address}${path}`, rest, (incoming) => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (chunk: string) => {
        text += chunk
      })
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: text }))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

test('takes the named part of a path, decoded', async () => {
  expect(await call('/things/a%40b')).toEqual({ status: 200, body: 'a@b' })
  expect((await call('/things/%E0%A4%A')).status).toBe(404)
  expect((await call('/things')).status).toBe(404)
  expect((await call('/things/a/b')).status).toBe(404)
  expect((await call('/things/a', { method: 'PUT' })).status).toBe(405)
})

test('answers only to its own names, so no foreign name can be pointed at it', async () => {
  for (const host of ['evil.example', 'evil.example:80', '127.0.0.1.evil.example']) {
    expect((await call('/things/a', { headers: { host } })).status).toBe(421)
  }
  expect((await call('/things/a', { headers: { host: 'localhost:4000' } })).status).toBe(200)
})

test('refuses forms of other sites', async () => {
  const foreign = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' }, body: '{}' }
  expect((await call('/things/a', foreign)).status).toBe(403)
  expect((await call('/things/a', { method: 'POST', body: '{}' })).status).toBe(200)
})

test('says what is wrong with a body', async () => {
  expect(await call('/things/a', { method: 'POST', body: '{' })).toMatchObject({ status: 400 })
  expect(await call('/things/a', { method: 'POST', body: '[1]' })).toMatchObject({ status: 400 })
  expect((await call('/things/a', { method: 'POST', body: '"x"'.padEnd(1_048_577) })).status).toBe(413)
})

test('closes even while a caller is kept waiting', async () => {
  const other = await serve([{ method: 'GET', path: '/', answer: () => ({ status: 0, hang: true }) }], 0, {
    foreignForms: false,
  })
  const waiting = fetch(other.address).catch(() => 'cut off')
  await new Promise((resolve) => setTimeout(resolve, 50))
  await other.close()
  expect(await waiting).toBe('cut off')
})
