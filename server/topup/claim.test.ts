import { describe, expect, it } from 'vitest'
import { PAYER, topUpHouse } from '../../test/support/top-up.ts'
import type { Visitor } from '../../test/support/visitor.ts'
import { hasOpenOrders, moveOrders } from './index.ts'

const house = await topUpHouse()
const { clock, db } = house
const laika = db.of('laika')

const OWN = '15400060001'
await house.open({ msisdn: `86${OWN}`, paidMinor: 1230n })
const account = await house.registered(OWN)
const [{ id: logIn = '' } = {}] = await laika.query<{ id: string }>(
  'select id from {{brand}}.log_in where phone = $1',
  [`86${OWN}`],
)

/** A guest, its session, and orders it placed two minutes apart. */
async function guestWith(orders: number, key?: string) {
  const guest = await house.guest()
  const [{ id: session = '' } = {}] = await laika.query<{ id: string }>(
    'select id from {{brand}}.session where log_in is null order by id desc limit 1',
  )
  const placed: string[] = []
  for (let i = 0; i < orders; i++) {
    clock.advance(121_000)
    const { body } = await house.place(guest, OWN, 5000n, key === undefined ? {} : { key })
    placed.push(body.id)
  }
  return { guest, session, placed }
}
const listed = async (who: Visitor) =>
  (await who.get('/v1/top-ups')).body.orders.map(({ id }: { id: string }) => id)
const move = (guest: string, phone: string) => laika.tx((tx) => moveOrders(tx, { guest, logIn, phone }))

describe('orders a guest placed', () => {
  it('become the account’s where its phone paid, and leave the guest', async () => {
    const { guest, session, placed } = await guestWith(2)
    expect(await move(session, `86${PAYER}`)).toHaveLength(2)
    expect(await listed(guest)).toEqual([])
    expect(await listed(account)).toEqual([...placed].reverse())
    expect((await house.order(account, placed[0] as string)).state).toBe('awaiting-payment')
    expect((await guest.get(`/v1/top-ups/${placed[0]}`)).status).toBe(404)
    expect(await house.fsck()).toEqual([])
  })

  it('stay where another phone paid', async () => {
    const { guest, session, placed } = await guestWith(1)
    expect(await move(session, `86${OWN}`)).toEqual([])
    expect(await listed(guest)).toEqual(placed)
  })

  it('stay where the account used the same key itself', async () => {
    const key = 'the-same-key-in-both'
    const code = await house.codeFor(account, 'payer', OWN)
    await account.send('POST', '/v1/codes/payer', { number: OWN, code })
    clock.advance(121_000)
    expect((await house.place(account, OWN, 10_000n, { key })).status).toBe(201)
    const { session } = await guestWith(1, key)
    expect(await move(session, `86${PAYER}`)).toEqual([])
  })
})

it('an account has open orders until each is settled or expired', async () => {
  const open = () => laika.tx((tx) => hasOpenOrders(tx, logIn))
  expect(await open()).toBe(true)
  clock.advance(31 * 60_000)
  while ((await house.topUps.expireDue('laika')) > 0);
  expect(await open()).toBe(false)
})
