import { expect, it } from 'vitest'
import { topUpHouse } from '../../test/support/top-up.ts'
import type { Visitor } from '../../test/support/visitor.ts'

const house = await topUpHouse()
const { clock, lines, topUps } = house

/** A line that was barred yesterday and whose network knows it. */
async function barred(number: string): Promise<void> {
  await house.open({ msisdn: `86${number}`, days: -1 })
  await lines.sweepStages('laika')
}

async function topUp(who: Visitor, number: string): Promise<string> {
  const { id, attempt } = await house.toPay(who, number, 5000n)
  await house.notify(attempt)
  await topUps.sweep('laika')
  return id
}

const told = async (who: Visitor, id: string) => {
  const { timeline, items } = await house.order(who, id)
  return { steps: timeline.map(({ step }) => step).slice(1), restoring: items[0]?.restoring }
}

it('a barred number of one’s own is said to serve again once the network has been told', async () => {
  const number = '15400170001'
  await barred(number)
  const owner = await house.registered(number)
  const id = await topUp(owner, number)
  expect(await told(owner, id)).toEqual({ steps: ['paid', 'credited'], restoring: true })
  clock.advance(40_000)
  await lines.sweepStages('laika')
  const { timeline } = await house.order(owner, id)
  expect(timeline.at(-1)).toEqual({ step: 'restored', at: new Date(clock.instant()).toISOString() })
  expect(await told(owner, id)).toEqual({ steps: ['paid', 'credited', 'restored'], restoring: false })
})

it('one that served all along is not, and a stranger is told of none', async () => {
  await house.open({ msisdn: '8615400170002', days: 5 })
  const owner = await house.registered('15400170002')
  const id = await topUp(owner, '15400170002')
  await lines.sweepStages('laika')
  expect(await told(owner, id)).toEqual({ steps: ['paid', 'credited'], restoring: false })
  await barred('15400170003')
  const guest = await house.guest()
  const theirs = await topUp(guest, '15400170003')
  expect(await told(guest, theirs)).toEqual({ steps: ['paid', 'credited'], restoring: false })
  await lines.sweepStages('laika')
  expect(await told(guest, theirs)).toEqual({ steps: ['paid', 'credited'], restoring: false })
})
