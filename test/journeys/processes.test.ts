import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { wholeHouse } from '../support/house.ts'
import { inWallet, knobs, person } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'

// Orders are placed here; what serves dealers and what settles are processes of their own, several of each, as in production.
const world = await wholeHouse({ work: false })
world.house.messaging.start()
const directory = mkdtempSync(join(tmpdir(), 'baohao-processes-'))
const keyFile = join(directory, 'master-key')
writeFileSync(keyFile, world.masterKey.toString('hex'), { mode: 0o600 })
const programs: Program[] = []

afterAll(async () => {
  for (const program of programs) program.kill('SIGKILL')
  await Promise.all(programs.map((program) => program.ended()))
  await world.proved()
  await world.stop()
  rmSync(directory, { recursive: true, force: true })
})

function start(command: 'serve' | 'work', env: Readonly<Record<string, string>> = {}): Program {
  const program = startProgram(directory, [command], {
    ...{
      DATABASE_URL: world.database.appUrl,
      BAOHAO_MASTER_KEY_FILE: keyFile,
      BAOHAO_DATA: directory,
      PORT: '0',
    },
    ...env,
  })
  programs.push(program)
  return program
}

const dealer = await world.house.db.of('laika').tx(async (tx) => {
  const { id } = await world.house.dealers.createDealer(tx, { name: '顺达通讯', commissionBp: 200 })
  await world.house.dealers.loadFloat(tx, { dealer: id, amountMinor: 10n ** 10n, from: 'opening' })
  const key = { name: 'till', scopes: ['topup:write'], dealer: id, actor: 'test' }
  return { apiKey: (await world.house.identity.createApiKey(tx, key)).text }
})

/** Numbers in service with weeks before anything of them ends, and not those that orders are placed for. */
const numbers = (
  await world.house.db.of('laika').query<{ msisdn: string }>(
    `select msisdn from {{brand}}.line_clock where standing = 'in-service' and stage_told = 'active'
       and msisdn > '8615400001010' order by next_due_on desc limit 60`,
  )
).map(({ msisdn }) => msisdn)

interface Sold {
  /** 0: the connection was refused, or closed before the request was taken. */
  readonly status: number
  readonly text: string
  readonly key: string
}

/** What waits in the system's queue when a server stops listening is reset by the system. */
const NOT_TAKEN = new Set(['ECONNREFUSED', 'ECONNRESET'])

/** Over a connection of its own: one that is kept might be closed between two requests, which says nothing of either. */
async function sell(address: string, msisdn: string | undefined, key: string): Promise<Sold> {
  const body = JSON.stringify({
    msisdn,
    confirmDuplicate: true,
    amount: { amountMinor: '5000', currency: 'CNY' },
  })
  return await new Promise((resolve, reject) => {
    const asking = request(`${address}/v1/agent/top-ups`, { method: 'POST', agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, key }))
      answer.on('error', reject)
    })
    asking.setHeader('authorization', `Bearer ${dealer.apiKey}`)
    asking.setHeader('content-type', 'application/json')
    asking.setHeader('idempotency-key', `"${key}"`)
    asking.on('error', (error: NodeJS.ErrnoException) =>
      NOT_TAKEN.has(error.code ?? '') ? resolve({ status: 0, text: '', key }) : reject(error),
    )
    asking.end(body)
  })
}

const newKey = () => randomBytes(16).toString('hex')
const figure = async (program: Program, name: string) => {
  const text = await (await fetch(`${await program.operatorAddress()}/metrics`)).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return line === undefined ? 0 : Number(line.slice(name.length + 1))
}
const one = async (sql: string, ...values: unknown[]) =>
  Object.values((await world.house.db.of('laika').query<Record<string, unknown>>(sql, values))[0] ?? {})[0]

test('two that serve and two that work on one database, one of them killed: nothing is lost and nothing is doubled', async () => {
  const serves = [start('serve'), start('serve')]
  const addresses = await Promise.all(serves.map((program) => program.address()))
  await knobs(world, 'laika', { dropAll: true })
  const guest = person(world, 'laika')
  await guest.proveAsPayer('15400001000')
  const orders: { id: string; outTradeNo: string }[] = []
  for (let i = 0; i < 6; i++) {
    const { order, outTradeNo } = await guest.orderToPay(`1540000100${i}`, { face: '5000' })
    orders.push({ id: idFromWire(order.id) as string, outTradeNo })
  }
  // Told by nobody: whoever works finds the payments by asking.
  for (const { outTradeNo } of orders) await inWallet(world, 'laika', outTradeNo, 'pay')
  const works = [start('work'), start('work')]

  // Each sale is sent to both processes at once: one sells, the other answers the same.
  const sales = numbers.map((number) => ({ number, key: newKey() }))
  expect(sales.length).toBeGreaterThan(20)
  const selling = Promise.all(
    sales.map(
      async ({ number, key }) => await Promise.all(addresses.map((address) => sell(address, number, key))),
    ),
  )
  const creditedOf = async () =>
    Number(
      await one(
        'select count(*) from {{brand}}.top_up where id = any($1::uuid[]) and credited_at is not null',
        `{${orders.map(({ id }) => id)}}`,
      ),
    )
  await expect.poll(creditedOf, { timeout: 60_000, interval: 20 }).toBeGreaterThan(0)
  works[0]?.kill('SIGKILL')
  expect(await works[0]?.ended()).toBe('SIGKILL')
  await expect.poll(creditedOf, { timeout: 60_000, interval: 100 }).toBe(orders.length)

  const sold = await selling
  for (const answers of sold) {
    expect(answers.map(({ status }) => status)).toEqual([201, 201])
    const [first, second] = answers.map(({ text }) => JSON.parse(text) as { id: string })
    expect(second?.id).toBe(first?.id)
  }
  expect(await one(`select count(*) from {{brand}}.top_up where kind = 'agent'`)).toBe(BigInt(sales.length))
  const counted = await Promise.all(
    serves.map((program) => figure(program, 'baohao_top_ups_credited_total{brand="laika",kind="agent"}')),
  )
  // A race for one key is decided by the database; whoever lost it replays and counts nothing.
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(sales.length)
  const left = works[1] as Program
  expect(await figure(left, 'baohao_loop_rounds_total{loop="topup sweep laika"}')).toBeGreaterThan(0)
  expect(await figure(left, 'baohao_evidence_waiting{brand="laika"}')).toBe(0)
  expect(await figure(serves[0] as Program, 'baohao_evidence_waiting{brand="laika"}')).toBe(0)
  for (const program of [...serves, left]) program.kill('SIGTERM')
  expect(await Promise.all([...serves, left].map((program) => program.ended()))).toEqual([0, 0, 0])
})

test('told to end: not ready first, still selling, then every request that was taken is answered', async () => {
  const program = start('serve', { BAOHAO_DRAIN_SECONDS: '2' })
  const address = await program.address()
  const operator = await program.operatorAddress()
  const ready = async () => (await fetch(`${operator}/readyz`)).status
  expect(await ready()).toBe(200)
  const answers: Sold[] = []
  let number = 0
  const till = async () => {
    for (;;) {
      const sold = await sell(address, numbers[number++ % numbers.length], newKey())
      answers.push(sold)
      if (sold.status === 0) return
    }
  }
  const tills = Promise.all([till(), till(), till(), till()])
  await expect.poll(() => answers.length, { timeout: 20_000 }).toBeGreaterThan(20)
  program.kill('SIGTERM')
  await expect.poll(ready, { timeout: 10_000, interval: 20 }).toBe(503)
  const beforeDraining = answers.length
  expect((await fetch(`${operator}/healthz`)).status).toBe(200)
  await expect.poll(() => answers.length, { timeout: 10_000 }).toBeGreaterThan(beforeDraining)
  await tills
  expect(await program.ended()).toBe(0)
  const statuses = new Set(answers.map(({ status }) => status))
  // 422: the limits of a number, not the end.
  expect([...statuses].filter((status) => ![0, 201, 422, 503].includes(status))).toEqual([])
  for (const { text } of answers.filter(({ status }) => status === 503))
    expect(text).toContain('"code":"stopping"')
  const acknowledged = answers
    .filter(({ status }) => status === 201)
    .map(({ text }) => JSON.parse(text).id as string)
  const ids = `{${acknowledged.map((id) => idFromWire(id))}}`
  expect(await one('select count(*) from {{brand}}.top_up where id = any($1::uuid[])', ids)).toBe(
    BigInt(acknowledged.length),
  )
  const untaken = `{${answers.filter(({ status }) => status === 0).map(({ key }) => key)}}`
  expect(await one('select count(*) from {{brand}}.top_up where key = any($1::text[])', untaken)).toBe(0n)
  expect(program.log()).toMatch(/"withinSeconds":32.*stopping/)
  expect(program.log()).toContain('"msg":"stopped"')
})

test('a second signal ends it at once', async () => {
  const program = start('serve', { BAOHAO_DRAIN_SECONDS: '300' })
  await program.address()
  program.kill('SIGTERM')
  await expect.poll(() => program.log(), { timeout: 10_000 }).toContain('stopping')
  // One Ctrl-C may arrive several times within a second: that is one wish.
  program.kill('SIGINT')
  expect((await fetch(`${await program.operatorAddress()}/healthz`)).status).toBe(200)
  const insisting = setInterval(() => program.kill('SIGINT'), 200)
  expect(await program.ended()).toBe(1)
  clearInterval(insisting)
})

test('no number, code, name or key that came by a route is in the log, also when a statement fails', async () => {
  const program = start('serve', { BAOHAO_LOG: 'trace' })
  const address = await program.address()
  const host = new URL(world.origins.laika).host
  const planted = ['15400009999', '+8615400009998', '493021', '莱卡张三', dealer.apiKey, 'li.wei@example.com']
  await sell(address, '8615400009999', newKey())
  const post = (path: string, body: unknown) =>
    fetch(address + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${dealer.apiKey}`, host },
      body: JSON.stringify(body),
    })
  await post('/v1/codes/payer', { number: planted[1], code: planted[2], name: planted[3], email: planted[5] })
  await fetch(`${address}/v1/lines/${planted[0]}?name=${planted[3]}`, { headers: { host } })
  await world.database.owner.query('alter table laika.line rename to line_gone')
  try {
    const { status, text } = await sell(address, '8615400009999', newKey())
    expect(status).toBe(500)
    const { requestId } = JSON.parse(text) as { requestId: string }
    await expect.poll(() => program.log(), { timeout: 10_000 }).toContain('request failed')
    const line = program
      .log()
      .split('\n')
      .find((each) => each.includes('request failed')) as string
    expect(JSON.parse(line)).toMatchObject({
      requestId,
      route: '/v1/agent/top-ups',
      err: { sqlstate: '42P01' },
    })
  } finally {
    await world.database.owner.query('alter table laika.line_gone rename to line')
  }
  program.kill('SIGTERM')
  expect(await program.ended()).toBe(0)
  expect(program.log()).toContain('"msg":"answered"')
  for (const value of planted) expect(program.log()).not.toContain(value)
  for (const line of program.log().trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow()
})
