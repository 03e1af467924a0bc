import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../start.ts'
import { account, order, sdkAt, secretKey, webhookSecret } from '../testing/card-world.ts'

const merchant = {
  ...{ account, brand: 'laika', name: '莱卡通信', secretKey, webhookSecret },
  webhookUrl: 'http://127.0.0.1:9/',
}
let dataDir: string
let sandbox: Sandbox
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sandbox-card-'))
  sandbox = await startSandbox({ dataDir, ports: { home: 0 }, merchants: { card: [merchant] } })
})
afterAll(async () => {
  await sandbox.stop()
  await rm(dataDir, { recursive: true })
})

async function control(path: string, body?: object, token = sandbox.controlToken) {
  const answer = await fetch(`${sandbox.addresses.home}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: answer.status, body: await answer.json() }
}

test('takes cards beside everything else, and its control API needs the token', async () => {
  const session = await sdkAt(sandbox.addresses.card).checkout.sessions.create(order())
  expect(session.url).toContain(`${sandbox.addresses.home}/checkout/`)
  const pay = `/control/card/${account}/sessions/${session.client_reference_id}/pay`
  expect((await control(pay, {}, 'wrong')).status).toBe(401)
  expect((await control(pay, {})).body).toMatchObject({
    status: 'complete',
    charge: { card: { last4: '4242' } },
  })
  expect((await control('/control/card/acct_nobody/sessions/x')).status).toBe(404)
})

test('its book can be read and names no key; where its keys are, only the owner reads', async () => {
  const { body } = await control('/control/book/card')
  expect(body.entries.map(({ kind }: { kind: string }) => kind)).toContain('session-paid')
  expect(JSON.stringify(body)).not.toMatch(/sk_test_|whsec_/)
  expect((await control('/control/book/card-merchants')).status).toBe(404)
  for (const name of ['card.jsonl', 'card-merchants.jsonl']) {
    expect((await stat(join(dataDir, name))).mode & 0o077).toBe(0)
  }
})

test.each([
  [{ account: 'laika' }, '"account"'],
  [{ secretKey: 'sk_live_realmoney' }, '"secretKey"'],
  [{ webhookSecret: 'x' }, '"webhookSecret"'],
  [{ webhookUrl: 'nowhere' }, '"webhookUrl"'],
])('refuses a merchant with %j', async (wrong, word) => {
  const { status, body } = await control('/control/card/merchants', { ...merchant, ...wrong })
  expect(status).toBe(400)
  expect(body.error).toContain(word)
})

test('the page of knobs turns those of cards, and the front door leads to the gateway’s page', async () => {
  const { home, card } = sandbox.addresses
  const post = (path: string, fields: Record<string, string>, cookie = '') =>
    fetch(`${home}${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { cookie },
      redirect: 'manual',
    })
  const entered = await post('/admin/enter', { token: sandbox.controlToken })
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  const page = await (await fetch(`${home}/admin?lang=en`, { headers: { cookie } })).text()
  expect(page).toContain('Refunds stay pending until the control API settles them')
  await post(`/admin/card/${account}/knobs`, { refund: 'pending', duplicate: '2' }, cookie)
  const knobs = `/control/card/merchants/${account}/knobs`
  expect((await control(knobs)).body).toMatchObject({ refund: 'pending', duplicate: 2, dropAll: false })
  expect((await post(`/admin/card/${account}/knobs`, { paidAmount: '0.01' }, cookie)).status).toBe(400)
  await post(`/admin/card/${account}/reset`, {}, cookie)
  expect((await control(knobs)).body).toMatchObject({ refund: '', duplicate: 0 })
  await post(`/admin/card/${account}/roll-secret`, {}, cookie)
  const { body } = await control('/control/card/merchants')
  expect(body.merchants[0].webhookSecret.split(',')).toHaveLength(2)
  const front = await (await fetch(`${home}/?lang=en`)).text()
  expect(front).toContain('href="/card?lang=en"')
  expect(front).toContain(card)
})
