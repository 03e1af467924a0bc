import { afterAll, describe, expect, it } from 'vitest'
import type { PlaceTopUp } from '../../contract/top-up.ts'
import { newKey, topUpHouse } from '../../test/support/top-up.ts'
import type { Principal } from '../identity/index.ts'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'
import { newId } from '../platform/id.ts'
import { presetOf } from '../policy/index.ts'
import { place } from './place.ts'

const house = await topUpHouse()
const { clock, owner, brands, db, switches } = house
afterAll(disarmFailpoints)

let numbers = 0
async function aLine(): Promise<string> {
  const national = `1540002${(++numbers).toString().padStart(4, '0')}`
  await house.open({ msisdn: `86${national}` })
  return national
}

const guestOf = (id = newId(clock.instant())): Principal => ({
  ...{ kind: 'guest', id, assurance: 'guest', scopes: [], dealer: null, session: id },
  payer: { msisdn: '8615400099999', verifiedUntilMs: clock.instant() + 600_000 },
})

async function bodyFor(number: string, faceMinor = '5000'): Promise<PlaceTopUp> {
  const { denominations } = await house.offers(house.visit(), number)
  const offer = denominations.find(({ face }) => face.amountMinor === faceMinor)
  if (!offer) throw new Error('no such tile')
  return { items: [{ number, offerId: offer.id }], expected: offer.price, locale: 'zh-CN' }
}

const { catalog, lines } = house
const here = { db, clock, catalog, lines, policyOf: presetOf, switches }
const there = { ...here, db: house.anotherProcess().db }
const laika = brands.get('laika')

describe('at one moment, from two processes', () => {
  it('one key makes one order', async () => {
    const body = await bodyFor(await aLine())
    const caller = guestOf()
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => place(i % 2 ? here : there, laika, caller, 'one-key-1', body)),
    )
    const placed = outcomes.flatMap((o) => (o.outcome === 'placed' ? [o] : []))
    expect(placed).toHaveLength(8)
    expect(new Set(placed.map(({ order }) => order.id)).size).toBe(1)
    expect(placed.filter(({ replayed }) => !replayed)).toHaveLength(1)
  })

  it('two keys for the same make one order, and the other is asked about', async () => {
    const body = await bodyFor(await aLine())
    const caller = guestOf()
    const outcomes = await Promise.all(
      [here, there].map((deps) => place(deps, laika, caller, newKey(), body)),
    )
    expect(outcomes.map((o) => (o.outcome === 'placed' ? 'placed' : o.refusal.entry.code)).sort()).toEqual([
      'duplicate-recent',
      'placed',
    ])
    const confirmed = { ...body, confirmDuplicate: true }
    expect((await place(here, laika, caller, newKey(), confirmed)).outcome).toBe('placed')
  })

  it('a key never leads to an order and a refusal', async () => {
    const caller = guestOf()
    const body = await bodyFor(await aLine())
    const wrong = { ...body, expected: { ...body.expected, amountMinor: '1' } }
    for (let i = 0; i < 8; i++) {
      const key = newKey()
      const confirmed = { ...(i % 2 ? body : wrong), confirmDuplicate: true }
      await Promise.allSettled([
        place(here, laika, caller, key, { ...body, confirmDuplicate: true }),
        place(there, laika, caller, key, confirmed),
      ])
    }
    expect((await house.fsck()).filter(({ id }) => id === 'I13')).toEqual([])
  })
})

describe('two minutes later, or after an order expired', () => {
  it('nothing is asked', async () => {
    const caller = guestOf()
    const body = await bodyFor(await aLine())
    const told = async () => {
      const outcome = await place(here, laika, caller, newKey(), body)
      return outcome.outcome === 'placed' ? 'placed' : outcome.refusal.entry.code
    }
    expect([await told(), await told()]).toEqual(['placed', 'duplicate-recent'])
    await owner.query(`update laika.top_up set state = 'expired', expired_at = now() where caller = $1`, [
      caller.id,
    ])
    expect([await told(), await told()]).toEqual(['placed', 'duplicate-recent'])
    clock.advance(120_001)
    expect(await told()).toBe('placed')
  })
})

describe('a fault at any moment', () => {
  it.each(['place.begin', 'place.judged', 'place.written'])(
    '%s leaves nothing, and the key works again',
    async (point) => {
      const caller = guestOf()
      const body = await bodyFor(await aLine())
      const key = newKey()
      armFailpoints(`${point}:1:throw`)
      await expect(place(here, laika, caller, key, body)).rejects.toThrow(point)
      const { rowCount } = await owner.query('select from laika.top_up where caller = $1', [caller.id])
      expect(rowCount).toBe(0)
      expect(await place(here, laika, caller, key, body)).toMatchObject({
        outcome: 'placed',
        replayed: false,
      })
    },
  )
})
