import { once } from 'node:events'
import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import type { OrderView } from '../../contract/top-up.ts'
import { newKey, topUpHouse } from '../../test/support/top-up.ts'
import type { Visitor } from '../../test/support/visitor.ts'
import type { Principal } from '../identity/index.ts'
import { newId } from '../platform/id.ts'
import { presetOf } from '../policy/index.ts'
import type { AgentTopUpCommand } from './command.ts'
import { topUpErrors } from './errors.ts'
import { createLive, topicOf } from './live.ts'
import { createSettler } from './settle.ts'
import { readOrder } from './store.ts'

const house = await topUpHouse()
const { clock, db, http, topUps } = house
const other = house.anotherProcess()
const guest = await house.guest()
let origin = ''
beforeAll(async () => {
  await http.listen({ host: '127.0.0.1', port: 0 })
  origin = `http://127.0.0.1:${(http.server.address() as AddressInfo).port}`
})
afterAll(() => http.close())

/** What a page hears of one order. */
interface Page {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Events as they came: name, id and data. */
  readonly events: { readonly name: string; readonly id: string | undefined; readonly data: string }[]
  readonly beats: () => number
  readonly retry: () => string | undefined
  readonly ended: () => boolean
  states(): string[]
  last(): OrderView
  leave(): Promise<void>
}

const open: Page[] = []
afterAll(() => Promise.all(open.map((page) => page.leave())))

async function follow(who: Visitor, id: string, given: Record<string, string> = {}): Promise<Page> {
  const cookie = [...who.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const headers = { host: 'laika.test', 'sec-fetch-site': 'same-origin', cookie, ...given }
  const asked = get(`${origin}/v1/top-ups/${id}/events`, { headers, agent: false })
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const events: Page['events'] = []
  const seen = { beats: 0, ended: false, retry: undefined as string | undefined, rest: '' }
  response.setEncoding('utf8').on('data', (part: string) => {
    const blocks = (seen.rest + part).split('\n\n')
    seen.rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
      seen.retry = field('retry') ?? seen.retry
      if (block === ':') seen.beats++
      const name = field('event')
      if (name !== undefined) events.push({ name, id: field('id'), data: field('data') ?? '' })
    }
  })
  response.on('end', () => {
    seen.ended = true
  })
  // A page that leaves cuts the line.
  response.on('error', () => undefined)
  const page: Page = {
    ...{ status: response.statusCode ?? 0, headers: response.headers, events },
    beats: () => seen.beats,
    retry: () => seen.retry,
    ended: () => seen.ended,
    states: () => events.flatMap(({ name, data }) => (name === 'order' ? JSON.parse(data).state : [])),
    last: () => JSON.parse(events.findLast(({ name }) => name === 'order')?.data ?? 'null'),
    async leave() {
      if (response.closed) return
      response.destroy()
      await once(response, 'close')
    },
  }
  open.push(page)
  return page
}

let numbers = 0
async function aLine(): Promise<string> {
  const number = `1540016${(++numbers).toString().padStart(4, '0')}`
  await house.open({ msisdn: `86${number}` })
  return number
}

async function paying(): Promise<{ id: string; attempt: string; number: string }> {
  const number = await aLine()
  return { number, ...(await house.toPay(guest, number, 5000n)) }
}

/** NOTIFYs about orders since it was made, heard as another process hears them. */
function notifications(): (readonly string[] | 'many')[] {
  const heard: (readonly string[] | 'many')[] = []
  other.notices.hear(topicOf('laika'), { heard: (ids) => heard.push(ids), missed: () => {} })
  return heard
}

const nobody: Principal = {
  ...{ kind: 'guest', id: '', assurance: 'guest', scopes: [], dealer: null, payer: null, session: null },
}

/** Settles without a word, as a process does that dies after its commit. */
const silent = createSettler({ ...house, policyOf: presetOf }, house.brands.get('laika'))

describe('a page that follows its order', () => {
  it('is told the view at once, and each change that another process makes', async () => {
    const { id, attempt } = await paying()
    const page = await follow(guest, id)
    expect(page.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    expect(page.headers['cache-control']).toBe('no-store, no-transform')
    await expect.poll(page.states).toEqual(['awaiting-payment'])
    expect(page.retry()).toBe('2000')
    expect(page.last()).toEqual(await house.order(guest, id))
    await house.notify(attempt)
    await other.topUps.sweep('laika')
    await expect.poll(page.states).toEqual(['awaiting-payment', 'credited'])
    expect(page.last().timeline.map(({ step }) => step)).toEqual(['placed', 'paid', 'credited'])
    expect(page.last()).toEqual(await house.order(guest, id))
    await page.leave()
  })

  it('that has the view already is told only what comes after it', async () => {
    const { id, attempt } = await paying()
    const page = await follow(guest, id)
    await expect.poll(page.states).toEqual(['awaiting-payment'])
    const seen = page.events[0]?.id as string
    await page.leave()
    const again = await follow(guest, id, { 'last-event-id': seen })
    await house.notify(attempt)
    await other.topUps.sweep('laika')
    await expect.poll(again.states).toEqual(['credited'])
    const late = await follow(guest, id, { 'last-event-id': seen })
    await expect.poll(late.states).toEqual(['credited'])
    expect(late.events[0]?.id).toBe(again.events[0]?.id)
    await Promise.all([again.leave(), late.leave()])
  })

  it('is told of its message without a notice, and then that nothing more will come', async () => {
    const { id, attempt } = await paying()
    const page = await follow(guest, id)
    await house.notify(attempt)
    await topUps.sweep('laika')
    await expect.poll(page.states).toEqual(['awaiting-payment', 'credited'])
    await topUps.handOverMessages('laika')
    await house.owner.query(
      `update laika.message set state = 'delivered', sent_at = $1, ended_at = $1 where subject = $2`,
      [new Date(clock.instant()), idFromWire(id)],
    )
    clock.advance(1_000)
    await expect.poll(() => page.last().timeline.at(-1)?.step).toBe('notified')
    clock.advance(15_000)
    await expect.poll(page.ended).toBe(true)
    expect(page.events.at(-1)?.name).toBe('end')
    const afterwards = await follow(guest, id)
    await expect.poll(afterwards.ended).toBe(true)
    expect(afterwards.events.map(({ name }) => name)).toEqual(['order', 'end'])
  })

  it('whose message never comes is let go after a minute', async () => {
    const { id, attempt } = await paying()
    await house.notify(attempt)
    await topUps.sweep('laika')
    const page = await follow(guest, id)
    await expect.poll(page.states).toEqual(['credited'])
    clock.advance(59_000)
    await expect.poll(page.beats).toBeGreaterThan(0)
    expect(page.ended()).toBe(false)
    clock.advance(1_000)
    await expect.poll(page.ended).toBe(true)
  })

  it('finds what it missed while notices could not be heard', async () => {
    const { id, attempt } = await paying()
    const page = await follow(guest, id)
    await expect.poll(page.states).toEqual(['awaiting-payment'])
    await house.notify(attempt)
    await silent.sweep()
    expect(page.states()).toEqual(['awaiting-payment'])
    const pids = await db.platform.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'baohao notices' and datname = current_database()`,
    )
    for (const { pid } of pids) await db.platform.query('select pg_terminate_backend($1)', [pid])
    await expect.poll(page.states, { timeout: 5_000 }).toEqual(['awaiting-payment', 'credited'])
    await page.leave()
  })

  it('beats every 15 s, tells the provider that it listens, and reads without a notice', async () => {
    const { id, attempt } = await paying()
    const page = await follow(guest, id)
    await expect.poll(page.states).toEqual(['awaiting-payment'])
    const watched = async () => {
      const { rows } = await house.owner.query('select watched_until from laika.attempt where id = $1', [
        idFromWire(attempt),
      ])
      return rows[0].watched_until?.getTime()
    }
    await expect.poll(watched).toBe(clock.instant() + 15_000)
    clock.advance(5_001)
    await expect.poll(watched).toBe(clock.instant() + 15_000)
    await house.owner.query(`update laika.attempt set state = 'unknown' where id = $1`, [idFromWire(attempt)])
    clock.advance(10_000)
    await expect.poll(page.beats).toBe(1)
    await expect.poll(() => page.last().paymentState).toBe('unknown')
    await page.leave()
  })

  it('comes back after five minutes, so that its session is looked up again', async () => {
    const { id } = await paying()
    const page = await follow(guest, id)
    await expect.poll(page.states).toEqual(['awaiting-payment'])
    clock.advance(300_000)
    await expect.poll(page.ended).toBe(true)
    expect(page.events.map(({ name }) => name)).toEqual(['order'])
  })
})

describe('who may follow', () => {
  it('is whoever placed the order, and nobody else', async () => {
    const { id } = await paying()
    const stranger = await house.guest()
    expect((await follow(stranger, id)).status).toBe(404)
    expect((await follow(house.visit(), id)).status).toBe(401)
    expect((await follow(guest, 'nonsense')).status).toBe(404)
  })

  it('is each session three times at once, and again when one has left', async () => {
    const { id } = await paying()
    const pages = await Promise.all([follow(guest, id), follow(guest, id), follow(guest, id)])
    const fourth = await guest.get(`/v1/top-ups/${id}/events`)
    expect(fourth).toMatchObject({ status: 429, body: { code: 'streams-of-session', moneyMoved: false } })
    await pages[0]?.leave()
    await expect
      .poll(async () => {
        const page = await follow(guest, id)
        await page.leave()
        return page.status
      })
      .toBe(200)
    await Promise.all(pages.map((page) => page.leave()))
  })

  it('is as many as a process can hold', async () => {
    const { id } = await paying()
    const order = await readOrder(db.of('laika'), idFromWire(id) as string)
    if (!order) throw new Error('unreachable')
    const messaging = { enqueue: () => {}, statusOf: async () => new Map() }
    const live = createLive({
      ...{ ...house, messaging, policyOf: presetOf, originOf: () => '' },
      ...{ listening: async () => {}, pace: async () => null, limits: { perSession: 3, perProcess: 2 } },
    })
    const one = (session: string) =>
      live.open(house.brands.get('laika'), { ...nobody, id: order.caller, session }, order, null)
    const [first] = await Promise.all([one('a'), one('b')])
    await expect(one('c')).rejects.toMatchObject({ entry: topUpErrors['streams-full'] })
    first?.destroy()
    await once(first as Readable, 'close')
    await one('c')
    live.close()
    // Those that open while the process stops are answered too, and ended; the second was not looked at yet.
    const opening = [one('d'), one('e')]
    live.close()
    for (const body of await Promise.all(opening)) await once(body.resume(), 'end')
  })
})

describe('notices', () => {
  it('are one for all orders of a batch, and none for sales of agents', async () => {
    const heard = notifications()
    await expect.poll(() => other.notices.listening()).toBe(true)
    const orders = await Promise.all([paying(), paying(), paying()])
    for (const { attempt } of orders) await house.notify(attempt)
    expect(await topUps.sweep('laika')).toBe(3)
    await expect.poll(() => heard.length).toBe(1)
    expect(heard[0]).toHaveLength(3)
    const { dealer } = await house.seller(1_000_000n)
    const [{ principal: caller }] = (
      await house.owner.query('select principal from laika.api_key where dealer = $1', [dealer])
    ).rows
    const sales = orders.map(
      ({ number }): AgentTopUpCommand => ({
        ...{ kind: 'agent-top-up', id: newId(clock.instant()), caller, dealer, key: newKey(), hash: 'aa' },
        ...{ msisdn: `86${number}`, offerId: null, amountMinor: 5000n, currency: 'CNY' },
        ...{ confirmDuplicate: true, reference: null },
      }),
    )
    const settler = topUps.settlerOf('laika')
    const sold = await Promise.all(sales.map((sale) => settler.settle(sale)))
    expect(sold.map(({ outcome }) => outcome)).toEqual(['credited', 'credited', 'credited'])
    // A later notice comes after any earlier one.
    house.notices.tell(topicOf('laika'), ['done'])
    await expect.poll(() => heard.at(-1)).toEqual(['done'])
    expect(heard).toHaveLength(2)
  })

  it('are none for evidence that changes nothing', async () => {
    const heard = notifications()
    const { attempt } = await paying()
    await house.notify(attempt, { notify_id: 'first' })
    await topUps.sweep('laika')
    await house.notify(attempt, { notify_id: 'second' })
    expect(await topUps.sweep('laika')).toBe(1)
    house.notices.tell(topicOf('laika'), ['done'])
    await expect.poll(() => heard.at(-1)).toEqual(['done'])
    expect(heard).toHaveLength(2)
  })
})

it('a page is told of an order that ran out', async () => {
  const number = await aLine()
  const { body } = await house.place(guest, number, 5000n)
  clock.advance(1_790_000)
  const page = await follow(guest, body.id)
  await expect.poll(page.states).toEqual(['awaiting-payment'])
  clock.advance(11_000)
  await other.topUps.expireDue('laika')
  await expect.poll(page.states).toEqual(['awaiting-payment', 'expired'])
  await expect.poll(page.ended).toBe(true)
  expect(page.events.at(-1)).toEqual({ name: 'end', id: undefined, data: '{}' })
})

it('a server that stops ends its streams, and waits for none of them', async () => {
  const late = await house.guest('15400088888')
  const number = await aLine()
  const { body } = await house.place(late, number, 5000n)
  const page = await follow(late, body.id)
  await expect.poll(page.states).toEqual(['awaiting-payment'])
  await http.close()
  await expect.poll(page.ended).toBe(true)
  expect(page.events.map(({ name }) => name)).toEqual(['order'])
})
