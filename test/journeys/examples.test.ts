import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { wholeHouse } from '../support/house.ts'
import { type LosingProxy, startLosingProxy } from '../support/losing-proxy.ts'

const examples = join(import.meta.dirname, '../../examples')
const world = await wholeHouse({ work: false })
let proxy: LosingProxy
let key = ''
let poorKey = ''

/** The key of a dealer with this float. */
async function dealerKey(name: string, floatMinor: bigint): Promise<string> {
  const { house } = world
  return await house.db.of('laika').tx(async (tx) => {
    const { id: dealer } = await house.dealers.createDealer(tx, { name, commissionBp: 200 })
    if (floatMinor > 0n)
      await house.dealers.loadFloat(tx, { dealer, amountMinor: floatMinor, from: 'opening' })
    const scopes = ['topup:write', 'line:read', 'ussd:answer']
    return (await house.identity.createApiKey(tx, { name, scopes, dealer, actor: 'test' })).text
  })
}

beforeAll(async () => {
  proxy = await startLosingProxy(world.origins.laika)
  key = await dealerKey('顺达通讯', 100_000n)
  poorKey = await dealerKey('小铺', 3_000n)
})
afterAll(async () => {
  await proxy.close()
  await world.proved()
  await world.stop()
})

interface Run {
  readonly code: number | null
  /** What it printed, a line of JSON each. */
  readonly said: readonly Record<string, unknown>[]
  readonly text: string
}

async function run(command: string, args: readonly string[], apiKey = key): Promise<Run> {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, BAOHAO_ORIGIN: proxy.origin, BAOHAO_API_KEY: apiKey },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  const lines = text.split('\n').filter((line) => line.startsWith('{'))
  return { code, text, said: lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

const example = (name: string, args: readonly string[], apiKey?: string) =>
  run(process.execPath, [join(examples, name), ...args], apiKey)

const hasCurl = spawnSync('curl', ['--version']).status === 0

let nextLine = 1012
/** A number in service that no other test of this file touches. */
const freshMsisdn = () => `86154${String(nextLine++).padStart(8, '0')}`

async function balanceOf(msisdn: string): Promise<bigint> {
  const [told] = (await example('balance.ts', [msisdn])).said
  const { amountMinor } = (told as { balance: { amountMinor: string } }).balance
  return BigInt(amountMinor)
}

describe('agent-top-up.ts', () => {
  test('sells, and the balance shows it', async () => {
    const msisdn = freshMsisdn()
    const before = await balanceOf(msisdn)
    const { code, said } = await example('agent-top-up.ts', [msisdn, '5000', 'CNY'])
    expect([code, said[1]]).toMatchObject([0, { replayed: false, receiptNumber: expect.any(String) }])
    expect((await balanceOf(msisdn)) - before).toBe(5000n)

    const read = await example('read-sale.ts', [said[1]?.sold as string])
    expect(read.said).toMatchObject([{ id: said[1]?.sold, state: 'credited', msisdn }])
  })

  test('when answers are lost, asks again with the same key: one sale, told late', async () => {
    const msisdn = freshMsisdn()
    const before = await balanceOf(msisdn)
    const writes = proxy.writes()
    proxy.lose(2)
    const { code, said } = await example('agent-top-up.ts', [msisdn, '5000', 'CNY'])
    expect([code, said[1]]).toMatchObject([0, { replayed: true }])
    expect(proxy.writes() - writes).toBe(3)
    expect((await balanceOf(msisdn)) - before).toBe(5000n)

    const again = await example('agent-top-up.ts', [msisdn, '5000', 'CNY', said[0]?.sale as string])
    expect(again.said[1]).toMatchObject({ sold: said[1]?.sold, replayed: true })
    expect((await balanceOf(msisdn)) - before).toBe(5000n)
  })

  test('says what the float lacks, and sells nothing', async () => {
    const msisdn = freshMsisdn()
    const before = await balanceOf(msisdn)
    const { code, said } = await example('agent-top-up.ts', [msisdn, '5000', 'CNY'], poorKey)
    expect([code, said[1]]).toMatchObject([
      1,
      { refused: 'float-low', short: { amountMinor: expect.stringMatching(/^[1-9]\d*$/), currency: 'CNY' } },
    ])
    expect(await balanceOf(msisdn)).toBe(before)
  })

  test('asks before the same is sold twice', async () => {
    const msisdn = freshMsisdn()
    await example('agent-top-up.ts', [msisdn, '3000', 'CNY'])
    const { code, said } = await example('agent-top-up.ts', [msisdn, '3000', 'CNY'])
    expect([code, said[1]]).toMatchObject([1, { refused: 'duplicate-recent' }])
  })

  test('tells which amounts are on sale', async () => {
    const { said } = await example('agent-top-up.ts', [freshMsisdn(), '1', 'CNY'])
    expect(said[1]).toMatchObject({ refused: 'amount-not-allowed', min: { currency: 'CNY' } })
  })
})

test('balance.ts says until when a number is kept, and what is no number of the brand', async () => {
  const { said } = await example('balance.ts', [freshMsisdn()])
  expect(said[0]).toMatchObject({ stage: 'active', keptUntil: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
  const unknown = await example('balance.ts', ['15499999999'])
  expect([unknown.code, unknown.said[0]]).toMatchObject([1, { refused: 'line-not-found' }])
})

test('ussd-gateway.ts shows what the handset is told', async () => {
  const { said } = await example('ussd-gateway.ts', [freshMsisdn(), '*101#'])
  expect(said[0]).toMatchObject({ show: expect.stringContaining('号码保留至'), keepOpen: false })
})

test('without a key an example says which variable it needs', async () => {
  const { code, text } = await run(process.execPath, [join(examples, 'balance.ts'), '1'], '')
  expect([code, text]).toEqual([1, ''])
})

describe('sell.sh', () => {
  const sell = (args: readonly string[], apiKey?: string) =>
    run('sh', [join(examples, 'sell.sh'), ...args], apiKey)
  test('sells with curl alone, once, also when the answer is lost; or says that it needs curl', async () => {
    const msisdn = freshMsisdn()
    const before = await balanceOf(msisdn)
    proxy.lose(1)
    const { code, text } = await sell([msisdn, '5000', 'CNY'])
    proxy.lose(0)
    if (!hasCurl) return expect([code, text]).toEqual([2, 'this needs curl\n'])
    expect([code, text]).toEqual([0, expect.stringMatching(/sold \{.*"state":"credited".*\nread \{/)])
    expect((await balanceOf(msisdn)) - before).toBe(5000n)
  })

  test('says how it was refused', async () => {
    const { code, text } = await sell([freshMsisdn(), '5000', 'CNY'], poorKey)
    if (!hasCurl) return expect(code).toBe(2)
    expect([code, text]).toEqual([1, expect.stringMatching(/refused \{.*"code":"float-low"/)])
  })
})

test('every request of api.http is answered', async () => {
  const [, ...requests] = readFileSync(join(examples, 'api.http'), 'utf8').split(/^###.*\n/m)
  expect(requests.length).toBeGreaterThan(4)
  for (const text of requests) {
    const [head = '', body] = text.split('\n\n', 2)
    const [line = '', ...fields] = head
      .replaceAll('{{origin}}', proxy.origin)
      .replaceAll('{{key}}', key)
      .split('\n')
    const [method = '', url = ''] = line.split(' ')
    const headers = Object.fromEntries(fields.map((field) => field.split(': ', 2) as [string, string]))
    const answer = await fetch(url, { method, headers, ...(method === 'POST' && { body: body ?? '' }) })
    expect([line, answer.ok]).toEqual([line, true])
  }
})

/** What a page of the API has one type, as a browser shows it. */
async function typed(operation: string): Promise<string> {
  const page = await (await fetch(`${proxy.origin}/docs/api/${operation}`)).text()
  const shown = /<div class="copied"><pre[^>]*><code>([\s\S]*?)<\/code>/.exec(page)?.[1] ?? ''
  const marks: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  return shown.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => marks[name] ?? '')
}

test.each([
  ['readBrand', 'laika'],
  ['readChannels', 'hotline'],
  ['getCaptcha', 'signature'],
  ['readSession', 'none'],
  ['readDescription', '3.1.0'],
  ['listOffers', 'packages'],
  ['readLine', 'topUp'],
  ['readBalance', 'clocks'],
  ['answerUssd', 'text'],
  ['sellTopUp', 'credited'],
])('the curl line of %s works as it stands', async (operation, expected) => {
  const line = await typed(operation)
  expect(line).toMatch(/(^|\n)curl -sS /)
  if (!hasCurl) return
  const { code, text } = await run('sh', ['-c', line])
  expect([code, text]).toEqual([0, expect.stringContaining(expected)])
  expect(JSON.parse(text)).not.toHaveProperty('moneyMoved')
})
