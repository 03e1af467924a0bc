import { describe, expect, it } from 'vitest'
import { topUpHouse } from '../../test/support/top-up.ts'
import { createPace, paceOf } from './pace.ts'

describe('a pace', () => {
  it('is the nearest rank, in seconds rounded up, and never nothing', () => {
    const seconds = Array.from({ length: 100 }, (_, i) => i + 1)
    expect(paceOf(seconds.map((s) => s * 1_000).reverse())).toEqual({ usualSeconds: 50, longSeconds: 95 })
    expect(paceOf([7_001, 7_001])).toEqual({ usualSeconds: 8, longSeconds: 8 })
    expect(paceOf([-3_000, 0, 10])).toEqual({ usualSeconds: 1, longSeconds: 1 })
  })
})

describe('the pace of a brand', async () => {
  const house = await topUpHouse()
  const { clock } = house
  const guest = await house.guest()
  let numbers = 0
  /** Orders that were credited so long after they were paid. */
  async function credited(count: number, tookMs: number): Promise<void> {
    const attempts: string[] = []
    for (let i = 0; i < count; i++) {
      const number = `1540018${(++numbers).toString().padStart(4, '0')}`
      await house.open({ msisdn: `86${number}` })
      attempts.push((await house.toPay(guest, number, 5000n)).attempt)
    }
    const paidAt = new Date(clock.instant() + 8 * 3_600_000).toISOString().replace('T', ' ').slice(0, 19)
    clock.advance(tookMs)
    for (const attempt of attempts) await house.notify(attempt, { gmt_payment: paidAt })
    expect(await house.topUps.sweep('laika')).toBe(count)
  }
  const fresh = () => createPace(house)('laika')
  const wait = async () => {
    const number = `1540018${(++numbers).toString().padStart(4, '0')}`
    await house.open({ msisdn: `86${number}` })
    return (await house.place(guest, number, 5000n)).body.wait
  }

  it('is unknown before twenty orders were credited, and is then told to who waits', async () => {
    await credited(19, 8_000)
    expect(await fresh()).toBeNull()
    expect(await wait()).toEqual({ usualSeconds: null, longSeconds: null, refundAfterSeconds: 1800 })
    await credited(1, 20_000)
    expect(await fresh()).toEqual({ usualSeconds: 8, longSeconds: 8 })
    // Read once a minute.
    expect(await wait()).toMatchObject({ usualSeconds: null })
    clock.advance(60_000)
    expect(await wait()).toEqual({ usualSeconds: 8, longSeconds: 8, refundAfterSeconds: 1800 })
  })

  it('is the last hour’s where that has enough, else the last day’s, of that brand alone', async () => {
    clock.advance(3_600_000)
    expect(await fresh()).toEqual({ usualSeconds: 8, longSeconds: 8 })
    expect(await createPace(house)('harbour')).toBeNull()
    clock.advance(23 * 3_600_000)
    expect(await fresh()).toBeNull()
  })

  it('is read by an index, which agents’ sales do not pay for', async () => {
    const { rows } = await house.owner.query(
      `select pg_get_indexdef(indexrelid) as def from pg_index where indexrelid = 'laika.attempt_captured'::regclass`,
    )
    expect(rows[0].def).toContain('WHERE (captured_at IS NOT NULL)')
  })
})
