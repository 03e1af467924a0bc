import { randomUUID } from 'node:crypto'
import { expect, vi } from 'vitest'
import { idFromWire, idToWire } from '../../contract/id.ts'
import type { OrderView, PaymentStarted } from '../../contract/top-up.ts'
import type { WholeHouse } from '../support/house.ts'
import type { Person } from '../support/person.ts'
import { BRAND, type RailMerchant } from './rails.ts'
import type { Live, Play } from './table.ts'

/** One order of one merchant's own, under one knob. */
export interface Cell {
  readonly knob: string
  readonly merchant: RailMerchant
  readonly live: Live
  /** A number in service that no other cell touches, as people type it. */
  readonly number: string
}

/** What the cells share. */
export interface Stage {
  readonly world: WholeHouse
  readonly guest: Person
  /** Runs while new payments of the rail go to this merchant alone. */
  offering<T>(merchant: RailMerchant, begin: () => Promise<T>): Promise<T>
  /** Notifications that were turned away from a merchant, by what was wrong. */
  refused(merchant: string): readonly string[]
  /** Whether the call that began this attempt, or sent this refund, was not answered. */
  unanswered(id: string): boolean
  /** Two minutes, and then hours later: once the cells that wait for neither have come to rest. */
  readonly minutesLater: Promise<void>
  readonly hoursLater: Promise<void>
}

/** Longest that anything waits: a refund not answered is asked about after 15 s. */
const PATIENCE = { timeout: 60_000, interval: 250 }
const key = () => randomUUID().replaceAll('-', '')

/** Waits until what is asked for holds. */
export async function until<T>(find: () => T | Promise<T>, holds: (found: T) => void): Promise<void> {
  await vi.waitFor(async () => holds(await find()), PATIENCE)
}

export interface Begun {
  readonly order: string
  readonly id: string
  readonly number: string
}

/** Plays a cell until its money has come to rest; answers the order's id on the wire. */
export async function play(stage: Stage, cell: Cell): Promise<string> {
  const { merchant, live } = cell
  const { knobs } = live
  const how: Play = live.play ?? 'pay'
  if (how !== 'skewed') await merchant.turn(knobs)
  const order = await place(stage, cell)
  if (how === 'unanswered') {
    await startUnanswered(stage, cell, order)
    await ended(stage, cell, order)
    return order
  }
  if (how === 'again') {
    await startUnanswered(stage, cell, order)
    await merchant.turn({})
  }
  const begun = await start(stage, cell, order)
  if (how === 'closed') await cancel(stage, order)
  if (how === 'rotated') {
    // Its certificates were fetched with the answer to the order, and are not fetched again within a minute.
    if (merchant.rail === 'wechat') await stage.minutesLater
    await merchant.rotateKey()
  }
  if (how === 'skewed') await merchant.turn(knobs)
  await merchant.pay(begun.number)
  if (live.outcome.by || how === 'returned') await stage.guest.send('POST', `/v1/top-ups/${order}/returned`)
  if (how === 'rotated' && live.outcome.refused)
    await enterNewKey(stage, cell, stage.world.sandbox.alipayPublicKey(merchant.id))
  if (how === 'skewed') {
    await untilRefused(stage, cell)
    await merchant.turn({})
  }
  if (how === 'lost') {
    const lost = async () => stage.unanswered((await refundOf(stage, order))?.id ?? '')
    await until(lost, (found) => expect(found).toBe(true))
    await merchant.turn({})
  }
  if (how === 'abnormal') await mend(stage, cell, order)
  await ended(stage, cell, order)
  if (how === 'late') {
    await merchant.tell(begun.number)
    await lateNotification(stage, begun)
  }
  // Slow enough for this; whoever fetches all bills would wait for it too.
  if (knobs.slowReceiverSeconds) await merchant.turn({})
  return order
}

export async function place({ guest }: Stage, { number }: Cell): Promise<string> {
  const placed = await guest.placeOrder(number, { face: '5000' })
  expect(placed.status, placed.body.detail).toBe(201)
  return (placed.body as OrderView).id
}

function begin({ guest }: Stage, { merchant }: Cell, order: string, scene: RailMerchant['scene']) {
  const body = { provider: merchant.rail, scene, locale: 'zh-CN' }
  return guest.send('POST', `/v1/top-ups/${order}/payments`, body, key())
}

export async function start(stage: Stage, cell: Cell, order: string): Promise<Begun> {
  const { merchant } = cell
  const answer = await stage.offering(merchant, () => begin(stage, cell, order, merchant.scene))
  expect(answer.status, answer.body.detail).toBe(201)
  const started = answer.body as PaymentStarted
  await arrive(started)
  return { order, id: idFromWire(order) ?? '', number: started.attemptId }
}

/** What the payer's browser does with the way on: it opens an address, or posts a form. A code is scanned by whoever pays it. */
async function arrive({ redirectUrl, form }: PaymentStarted): Promise<void> {
  if (redirectUrl) await fetch(redirectUrl, { redirect: 'manual' })
  if (form) {
    const body = new URLSearchParams(form.fields)
    const answer = await fetch(form.action, { method: 'POST', body, redirect: 'manual' })
    expect(answer.status).toBeLessThan(400)
  }
}

/** The rail takes the order and does not say so. */
async function startUnanswered(stage: Stage, cell: Cell, order: string): Promise<void> {
  const answer = await stage.offering(cell.merchant, () => begin(stage, cell, order, cell.merchant.scene))
  expect(answer).toMatchObject({ status: 503, body: { code: 'payment-unknown' } })
}

/** Its payer calls it off; a provider that has not answered yet is asked once more. */
export async function cancel({ guest }: Stage, order: string): Promise<void> {
  const cancelling = async () => (await guest.send('POST', `/v1/top-ups/${order}/cancel`)).body.state
  await until(cancelling, (found) => expect(found).toBe('expired'))
}

/** Once a notification was turned away. */
export async function untilRefused({ refused }: Stage, { merchant }: Cell): Promise<void> {
  await until(
    () => refused(merchant.id).length,
    (found) => expect(found).toBeGreaterThan(0),
  )
}

/** A new key, copied from Alipay's console or a bank's letter once notifications are refused; the old one stays until none of it is in flight. */
export async function enterNewKey(stage: Stage, cell: Cell, key: string): Promise<void> {
  await untilRefused(stage, cell)
  const { rail, id } = cell.merchant
  const { db, payments } = stage.world.house
  await db.of(BRAND).tx((tx) => payments.setProviderKeys(tx, rail, id, [key]))
}

/** A person mends what stood in the way at the provider: at WeChat Pay's console, else by sending the refund again under its number. */
async function mend(stage: Stage, { merchant, live }: Cell, order: string): Promise<void> {
  const { world, hoursLater } = stage
  await until(
    () => refundOf(stage, order),
    (found) => expect(found).toBeDefined(),
  )
  // UnionPay calls failed for hours what comes to pass after all.
  if (merchant.rail === 'unionpay') await hoursLater
  await until(
    () => refundOf(stage, order),
    (found) => expect(found?.state).toBe('abnormal'),
  )
  if (live.outcome.ends === 'person') return
  await merchant.turn({})
  const refund = (await refundOf(stage, order))?.id ?? ''
  if (merchant.rail === 'wechat')
    await world.control('POST', `/control/wechat/${merchant.id}/refunds/${idToWire(refund)}/succeed`, {})
  else {
    const settler = world.house.topUps.settlerOf(BRAND)
    await settler.settle({ kind: 'refund-again', refund, order: idFromWire(order) ?? '' })
  }
}

export async function refundOf({ world }: Stage, order: string) {
  const text = 'select id, state from {{brand}}.refund where order_id = $1'
  const found = await world.house.db.of(BRAND).query<{ id: string; state: string }>(text, [idFromWire(order)])
  return found[0]
}

const RESTING = {
  ...{ credited: 'credited', refunded: 'refunded', person: 'refund-abnormal' },
  returned: 'awaiting-payment',
} as const

/** Until the order rests, and a second payment is back with the payer. */
export async function ended({ world }: Stage, { live }: Cell, order: string): Promise<void> {
  const { ends, second } = live.outcome
  const id = idFromWire(order)
  const found = async () => {
    const rows = await world.house.db.of(BRAND).query<{ state: string; back: bigint }>(
      `select state, (select count(*) from {{brand}}.refund r
         where r.order_id = o.id and r.reason = 'paid-twice' and r.state = 'done') as back
       from {{brand}}.top_up o where id = $1`,
      [id],
    )
    return rows[0] && { state: rows[0].state, back: Number(rows[0].back) }
  }
  await until(found, (found) => expect(found).toEqual({ state: RESTING[ends], back: second ? 1 : 0 }))
}

/** The notification that was held back has come too, and was taken. */
async function lateNotification({ world }: Stage, { number }: Begun): Promise<void> {
  const told = () =>
    world.house.db
      .of(BRAND)
      .query(
        `select 1 from {{brand}}.evidence where attempt = $1 and kind = 'notify' and applied_at is not null`,
        [idFromWire(number)],
      )
  await until(
    async () => (await told()).length,
    (found) => expect(found).toBeGreaterThan(0),
  )
}
