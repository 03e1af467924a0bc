import { afterEach, describe, expect, it, vi } from 'vitest'
import { newKey } from '../../test/support/top-up.ts'
import { Book, readLineAccounts, sendWrites, unlockedAccounts } from '../ledger/index.ts'
import { lockLines, resolveNumbers } from '../line/index.ts'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'
import { newId } from '../platform/id.ts'
import { askRefund, checkRefund } from './index.ts'
import { refundHouse, uuid } from './refund-fixture.ts'

const house = await refundHouse()
const { topUps, alipay, db, clock, laika, rows, guest, owner } = house
const { aLine, bought, settled, byStaff, balanceOf, sent, paidBack } = house
afterEach(disarmFailpoints)

describe('a refund that staff ask for', () => {
  it('below the limit begins at once, and ends when the provider has paid back', async () => {
    const { id, number } = await bought(guest)
    const { request } = await byStaff(id)
    expect(request).toMatchObject({ state: 'approved', needsChecker: false, amountMinor: 4980n })
    expect(await topUps.beginRefunds('laika')).toBe(1)
    expect(await topUps.beginRefunds('laika')).toBe(0)
    expect(await balanceOf(number)).toBe('0')
    expect(await house.order(guest, id)).toMatchObject({
      state: 'refunding',
      refund: { progress: 'sending', amount: { amountMinor: '4980' } },
    })
    await paidBack()
    const shown = await house.order(guest, id)
    expect(shown).toMatchObject({
      state: 'refunded',
      refund: { progress: 'done', doneAt: expect.any(String) },
    })
    expect(shown.timeline.map(({ step }) => step).slice(-2)).toEqual(['refunding', 'refunded'])
    expect(await rows('select actor, act from laika.audit where subject = $1', request.id)).toEqual([
      { actor: 'operator ann', act: 'refund asked for' },
    ])
    const told = await rows('select template from laika.message where subject = $1 order by id', uuid(id))
    expect(told.map(({ template }) => template)).toContain('refund-sent')
    expect(await house.fsck()).toEqual([])
  })

  it('above it waits for another person, who is not the first', async () => {
    const { id } = await bought(guest, 30_000n)
    const { request } = await byStaff(id)
    expect(request.state).toBe('waiting')
    await expect(byStaff(id)).rejects.toMatchObject({ entry: { code: 'refund-in-progress' } })
    const check = (actor: string, verdict: 'approved' | 'declined' = 'approved') =>
      checkRefund({ db, clock }, laika, request.id, verdict, { actor })
    expect(await check('operator ann')).toBe('own')
    expect(await topUps.beginRefunds('laika')).toBe(0)
    expect((await house.order(guest, id)).refund).toMatchObject({ progress: 'waiting' })
    expect(await check('operator bo')).toBe('approved')
    expect(await check('operator bo')).toBe('not-waiting')
    await topUps.beginRefunds('laika')
    await paidBack()
    expect((await house.order(guest, id)).state).toBe('refunded')
    expect(
      (await rows('select act from laika.audit where subject = $1 order by act', request.id)).map(
        ({ act }) => act,
      ),
    ).toEqual(['refund approved', 'refund asked for'])
  })

  it('that is declined leaves everything as it was, and may be asked for again', async () => {
    const { id, number } = await bought(guest, 30_000n)
    const { request } = await byStaff(id)
    const by = { actor: 'operator bo', reason: '不符合规定' }
    expect(await checkRefund({ db, clock }, laika, request.id, 'declined', by)).toBe('declined')
    await topUps.beginRefunds('laika')
    expect(await balanceOf(number)).toBe('32000')
    expect(await house.order(guest, id)).toMatchObject({
      state: 'credited',
      refund: { progress: 'declined' },
    })
    expect((await byStaff(id, { amountMinor: 1000n })).request.state).toBe('approved')
    await topUps.beginRefunds('laika')
  })

  it('to oneself is refused by the table, and so is a second person who would be paid', async () => {
    const { id } = await bought(guest, 30_000n)
    const [{ caller }] = await rows('select caller from laika.top_up where id = $1', uuid(id))
    const self = { channel: 'staff', actor: `log-in ${caller}` } as const
    const asked = { order: uuid(id), amountMinor: null, reason: 'me', mayEnd: false, by: self }
    await expect(askRefund({ db, clock }, laika, asked)).rejects.toThrow('refund_request_maker')
    const { request } = await byStaff(id)
    expect(await checkRefund({ db, clock }, laika, request.id, 'approved', { actor: self.actor })).toBe('own')
  })

  it('of a part that the provider refuses waits for a person; the same number is sent again', async () => {
    const { id, number } = await bought(guest)
    alipay.on('alipay.trade.refund', () => ({ code: '40004', sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' }))
    alipay.on('alipay.trade.fastpay.refund.query', () => ({ code: '10000' }))
    const { request } = await byStaff(id, { amountMinor: 1000n })
    await topUps.beginRefunds('laika')
    await sent()
    expect(await house.order(guest, id)).toMatchObject({
      state: 'refund-abnormal',
      refund: { progress: 'delayed' },
    })
    const again = { kind: 'refund-again', refund: request.id, order: uuid(id) } as const
    await topUps.settlerOf('laika').settle(again)
    await paidBack()
    expect(await house.order(guest, id)).toMatchObject({
      state: 'credited',
      refunded: { amountMinor: '1000' },
    })
    const numbersSent = alipay.calls
      .filter(({ method }) => method === 'alipay.trade.refund')
      .slice(-2)
      .map(({ biz }) => biz.out_request_no)
    expect(new Set(numbersSent).size).toBe(1)
    expect(await balanceOf(number)).toBe('3996')
    expect(await house.fsck()).toEqual([])
  })
})

describe('at one moment', () => {
  it('two requests in two processes are one', async () => {
    const { id } = await bought(guest)
    const results = await Promise.allSettled([byStaff(id), byStaff(id)])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const other = house.anotherProcess().topUps
    await Promise.all([
      topUps.beginRefunds('laika'),
      other.beginRefunds('laika'),
      topUps.beginRefunds('laika'),
    ])
    expect(await rows('select count(*)::int as n from laika.refund where order_id = $1', uuid(id))).toEqual([
      { n: 1 },
    ])
    await paidBack()
  })

  it('a sale to the line and its refund both stand, whichever came first', async () => {
    const { id, number } = await bought(guest)
    const { headers } = await house.seller(1_000_000n)
    const other = house.anotherProcess().topUps
    await byStaff(id)
    const till = house.visit()
    const sells = () =>
      till.send(
        'POST',
        '/v1/agent/top-ups',
        { msisdn: `86${number}`, amount: { amountMinor: '3000', currency: 'CNY' }, confirmDuplicate: true },
        { ...headers, 'idempotency-key': newKey() },
      )
    await Promise.all([sells(), other.beginRefunds('laika'), sells()])
    await settled()
    await topUps.beginRefunds('laika')
    await paidBack()
    expect(await balanceOf(number)).toBe('6000')
    expect((await house.order(guest, id)).state).toBe('refunded')
    expect(await house.fsck()).toEqual([])
  })

  it('a charge that holds the line comes first, and the refund takes what it leaves', async () => {
    const { id, number } = await bought(guest)
    await byStaff(id)
    const begun = await db.of('laika').tx(async (tx) => {
      const [line] = [...(await resolveNumbers(tx, [`86${number}`])).values()]
      await lockLines(tx, [line ?? ''])
      const refunding = topUps.beginRefunds('laika')
      await vi.waitFor(async () =>
        expect(await rows('select from pg_locks where not granted')).not.toEqual([]),
      )
      const [account] = await readLineAccounts(tx, [line ?? ''])
      const [revenue] = await unlockedAccounts(tx, [{ kind: 'usage-revenue', subject: '' }])
      if (!account || !revenue) throw new Error('no account')
      const book = new Book(() => newId(clock.instant()))
      const parties = { 'line-balance': account, 'usage-revenue': revenue }
      book.post('usage', { amounts: { paid: 2000n, bonus: 0n }, parties, cause: newId(clock.instant()) })
      sendWrites(tx, book.writes(), clock.instant(), clock.instant())
      return { refunding }
    })
    await begun.refunding
    expect((await house.order(guest, id)).refund).toMatchObject({ amount: { amountMinor: '2988' } })
    expect(await balanceOf(number)).toBe('0')
    await paidBack()
    expect(await house.fsck()).toEqual([])
  })

  it.each(['settle.decided', 'settle.written'])(
    'a fault at %s leaves it to the next round',
    async (point) => {
      const { id, number } = await bought(guest)
      await byStaff(id)
      armFailpoints(`${point}:1:throw`)
      await expect(topUps.beginRefunds('laika')).rejects.toThrow(point)
      expect(await balanceOf(number)).toBe('5000')
      await topUps.beginRefunds('laika')
      expect(await balanceOf(number)).toBe('0')
      await paidBack()
    },
  )
})

describe('a dealer’s sale', () => {
  it('is paid back through its float, with the commission', async () => {
    const number = await aLine()
    const { dealer, headers } = await house.seller(1_000_000n)
    await owner.query('update laika.dealer set commission_bp = 200 where id = $1', [dealer])
    const till = house.visit()
    const body = { msisdn: `86${number}`, amount: { amountMinor: '5000', currency: 'CNY' } }
    const sold = await till.send('POST', '/v1/agent/top-ups', body, {
      ...headers,
      'idempotency-key': newKey(),
    })
    await settled()
    const float = async () =>
      (
        await rows(`select balance from laika.account where kind = 'dealer-float' and subject = $1`, dealer)
      )[0].balance
    expect(await float()).toBe(`${1_000_000 - 4980 + 100}`)
    await byStaff(sold.body.id, { amountMinor: 2490n })
    await topUps.beginRefunds('laika')
    expect(await float()).toBe(`${1_000_000 - 2490 + 50}`)
    await byStaff(sold.body.id)
    await topUps.beginRefunds('laika')
    expect(await float()).toBe('1000000')
    expect(await balanceOf(number)).toBe('0')
    expect(await rows('select state, refunded from laika.top_up where id = $1', uuid(sold.body.id))).toEqual([
      { state: 'refunded', refunded: '4980' },
    ])
    await topUps.handOverMessages('laika')
    expect(await house.fsck()).toEqual([])
  })
})

describe('a package', () => {
  it('goes back by its days, with its allowances', async () => {
    const number = await aLine()
    const { packages } = await house.offers(guest, number)
    const year = packages.find(({ term }) => term === 'year')
    const body = { items: [{ number, offerId: year?.id }], expected: year?.price, locale: 'zh-CN' }
    const placed = await guest.send('POST', '/v1/top-ups', body, { 'idempotency-key': newKey() })
    const paying = await guest.send(
      'POST',
      `/v1/top-ups/${placed.body.id}/payments`,
      { provider: 'alipay', scene: 'wap', locale: 'zh-CN' },
      { 'idempotency-key': newKey() },
    )
    await house.notify(paying.body.attemptId, { total_amount: '88.00' })
    await settled()
    const { request } = await byStaff(placed.body.id)
    await topUps.beginRefunds('laika')
    await paidBack()
    const [term] = await rows(
      'select price, earned, refunded, earned_until = until as over from laika.package_term where cause = $1',
      uuid(placed.body.id),
    )
    expect(term).toMatchObject({ price: '8800', over: true, refunded: request.amountMinor.toString() })
    expect(
      await rows(
        'select remaining from laika.lot l join laika.line n on n.id = l.line where n.msisdn = $1 and remaining > 0',
        `86${number}`,
      ),
    ).toEqual([])
    expect((await house.order(guest, placed.body.id)).state).toBe('credited')
    expect(await house.fsck()).toEqual([])
  })
})
