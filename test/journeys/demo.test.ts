import { afterAll, describe, expect, test } from 'vitest'
import { partNames } from '../../server/demo/part.ts'
import { demoPeople } from '../../server/demo/people.ts'
import { fillPart, fillPeople, fillYear, type YearDeps } from '../../server/demo/year.ts'
import { type BrandKey, wholeHouse } from '../support/house.ts'
import { inWallet, person } from '../support/person.ts'
import { solveCaptcha } from '../support/visitor.ts'

const world = await wholeHouse()
afterAll(() => world.stop())

const DAY_MS = 86_400_000
const PATIENCE = { timeout: 480_000 }
const yearOf = (signal = new AbortController().signal): YearDeps => ({
  ...{ house: world.house, databaseUrl: world.database.appUrl, signal },
})
const partOf = (brandKey: BrandKey, part: string) => ({
  ...{ databaseUrl: world.database.appUrl, brandKey, part, offsetMs: 0 },
  nowMs: world.house.clock.instant(),
})

/** Orders by kind and state, with what they came to: the same for the same seed. */
const totals = (brand: BrandKey) =>
  world.house.db.of(brand).query<{ kind: string; state: string; count: bigint; price: bigint }>(
    `select kind, state, count(*) as count, sum(price)::bigint as price, sum(until - until_before)::bigint as days
       from {{brand}}.top_up group by kind, state order by kind, state`,
  )

const countOf = async (brand: BrandKey, from: string) =>
  (await world.house.db.of(brand).query<{ count: bigint }>(`select count(*) from {{brand}}.${from}`))[0]
    ?.count

describe('the demo', () => {
  test('a part that is ended half-way leaves nothing behind', PATIENCE, async () => {
    const ending = new AbortController()
    const lived = await fillPart(partOf('harbour', 'district-3'), ending.signal, (share) => {
      if (share > 0.3) ending.abort()
    })
    expect(lived).toBeUndefined()
    expect(await countOf('harbour', 'top_up')).toBe(0n)
    expect(await countOf('harbour', `line where msisdn >= '447700900770'`)).toBe(0n)
  })

  test('twenty people a brand can log in, with numbers that stand as they are told', PATIENCE, async () => {
    await fillPeople(yearOf())
    await world.proved()
    for (const [brand, name] of [
      ['laika', '15488100001'],
      ['harbour', 'family@harbour.example'],
    ] as const) {
      const family = person(world, brand)
      const captcha = await solveCaptcha((await family.get('/v1/captcha')).body)
      const logIn = { by: 'password', name, password: 'keep-my-number-2026', captcha }
      expect((await family.send('POST', '/v1/log-ins', logIn)).status).toBe(200)
      expect((await family.get('/v1/me/lines')).body.lines).toHaveLength(4)
      expect((await family.get('/v1/top-ups')).body.orders.length).toBeGreaterThan(5)
    }
    expect(await countOf('laika', 'log_in')).toBe(20n)
    expect(await countOf('harbour', 'log_in')).toBe(20n)
    expect(await countOf('laika', 'log_in where password_hash is null')).toBe(1n)
    expect(demoPeople.laika.filter(({ hasPassword }) => !hasPassword)).toHaveLength(1)
  })

  test(
    'a year is filled in whole while somebody tops up, is proved, and stays as it is',
    PATIENCE,
    async () => {
      const payer = person(world, 'laika')
      await payer.proveAsPayer('154 0000 1001')
      let toppedUp: Promise<string> | undefined
      const shares: number[] = []
      await fillYear(yearOf(), (share) => {
        shares.push(share)
        toppedUp ??= payer
          .orderToPay('154 0000 1000', { face: '3000' })
          .then(async ({ order, outTradeNo }) => {
            await inWallet(world, 'laika', outTradeNo, 'pay')
            return order.id
          })
      })
      expect(shares.at(-1)).toBe(1)
      expect(await payer.until(await (toppedUp as Promise<string>), ['credited'])).toMatchObject({
        final: true,
      })
      await expect
        .poll(async () => (await world.sms('8615400001000')).length, { timeout: 30_000 })
        .toBeGreaterThan(0)
      // Nothing of the year was sent anywhere: what handsets have is of the person of today.
      const { entries } = await world.control<{ entries: unknown[] }>('GET', '/control/book/smsc')
      expect(entries.length).toBeLessThan(20)
      expect(await countOf('laika', 'line')).toBe(2_000n)
      expect(await countOf('harbour', 'line')).toBe(900n)
      await world.proved()

      const before = await totals('laika')
      await fillYear(yearOf(), () => {})
      expect(await totals('laika')).toEqual(before)
    },
  )

  test('most orders are credited, some were left, held or sent back, over a whole year', async () => {
    for (const brand of ['laika', 'harbour'] as const) {
      const found = await totals(brand)
      const of = (kind: string, state: string) =>
        found.find((row) => row.kind === kind && row.state === state)?.count ?? 0n
      expect(of('agent', 'credited')).toBeGreaterThan(1_000n)
      expect(of('online', 'credited')).toBeGreaterThan(700n)
      expect(of('online', 'expired')).toBeGreaterThan(10n)
      expect(of('online', 'refunded')).toBeGreaterThan(1n)
      const [span] = await world.house.db
        .of(brand)
        .query<{ first: number; last: number }>(
          'select min(placed_at) as first, max(placed_at) as last from {{brand}}.top_up',
        )
      expect((span?.last ?? 0) - (span?.first ?? 0)).toBeGreaterThan(355 * DAY_MS)
    }
    const held = await countOf('harbour', `refund where reason = 'limit-reached' and state = 'done'`)
    expect(held).toBe(1n)
  })

  test('ids carry the instants of the past, and nothing of it is owed any more', async () => {
    for (const brand of ['laika', 'harbour'] as const) {
      const wrong = await countOf(
        brand,
        `top_up where abs(extract(epoch from placed_at) * 1000
           - ('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint) > 1000`,
      )
      expect(wrong).toBe(0n)
      expect(await countOf(brand, `evidence where applied_at is null`)).toBe(0n)
      expect(await countOf(brand, `message where state in ('queued', 'sending', 'unknown')`)).toBe(0n)
      expect(await countOf(brand, `refund where state not in ('done')`)).toBe(0n)
      expect(await countOf(brand, `attempt where next_query_at is not null`)).toBe(0n)
    }
  })
})

test('the same part on the same day is the same wherever it is lived', PATIENCE, async () => {
  const other = await wholeHouse({ work: false })
  const sums = `select t.kind, t.state, count(*) as orders, sum(t.price)::bigint as price, sum(t.until - t.until_before)::bigint as days
    from {{brand}}.top_up t join {{brand}}.line l on l.id = t.line
   where l.msisdn between '447700900400' and '447700900449' group by t.kind, t.state order by 1, 2`
  const [people = ''] = partNames('harbour')
  const elsewhere = { ...partOf('harbour', people), databaseUrl: other.database.appUrl }
  expect(await fillPart(elsewhere, new AbortController().signal, () => {})).toBeDefined()
  const found = await other.house.db.of('harbour').query(sums)
  expect(found.length).toBeGreaterThan(2)
  expect(found).toEqual(await world.house.db.of('harbour').query(sums))
  await other.stop()
})
