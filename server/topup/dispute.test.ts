import { afterEach, describe, expect, it } from 'vitest'
import { APP_ID } from '../../test/support/payment.ts'
import { newKey } from '../../test/support/top-up.ts'
import { liftFlags } from '../line/index.ts'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'
import { presetOf } from '../policy/index.ts'
import { disputeHouse } from './dispute-fixture.ts'
import { uuid } from './refund-fixture.ts'

const house = await disputeHouse()
const { topUps, rows, guest, bought, told, owing, accountOf, settled, spends } = house
afterEach(disarmFailpoints)

const OWN = '15400770001'
await house.open({ msisdn: `86${OWN}` })
const owner = await house.registered(OWN)
const yuanOf = (fen: string) => `${fen.slice(0, -2)}.${fen.slice(-2)}`

describe('a payment that the payer’s bank takes back', () => {
  it('takes what is unspent while it is open; lost, the rest is owed and cards are refused', async () => {
    const { id, number, attempt } = await bought(guest)
    await spends(number, 2000n)
    await told(attempt, 'disputed')
    expect(await accountOf(number)).toEqual({ balance: '0', owed: '0' })
    const open = await house.order(guest, id)
    expect(open).toMatchObject({ state: 'reversed', reversed: { amountMinor: '4980' } })
    expect(open.timeline.at(-1)?.step).toBe('reversed')
    const messages = await rows('select template from laika.message where subject = $1', uuid(id))
    expect(messages.map(({ template }) => template)).toContain('payment-reversed')
    expect(await house.fsck()).toEqual([])

    await told(attempt, 'reversed')
    expect(await accountOf(number)).toEqual({ balance: '0', owed: '1992' })
    expect(
      await rows(
        `select kind, e.cause = d.id as by_dispute from laika.line_event e join laika.dispute d on d.id = e.cause
          where d.order_id = $1 order by kind`,
        uuid(id),
      ),
    ).toEqual([
      { kind: 'flagged', by_dispute: true },
      { kind: 'validity-taken-back', by_dispute: true },
    ])
    expect(await house.fsck()).toEqual([])
  })

  it('won, gives all of it back', async () => {
    const { id, number, attempt } = await bought(guest)
    await told(attempt, 'disputed')
    await told(attempt, 'reinstated')
    expect(await accountOf(number)).toEqual({ balance: '5000', owed: '0' })
    const order = await house.order(guest, id)
    expect(order.state).toBe('credited')
    expect(order.reversed).toBeUndefined()
    expect(await house.fsck()).toEqual([])
  })

  it('after it was lost, gives back what was paid meanwhile and takes the flag away', async () => {
    const { number, attempt } = await owing(guest)
    await bought(guest, 3000n, number)
    expect(await accountOf(number)).toEqual({ balance: '0', owed: '1980' })
    await told(attempt, 'reinstated')
    expect(await accountOf(number)).toEqual({ balance: '3000', owed: '0' })
    const flags = await rows(
      'select lifted_at from laika.line_flag f join laika.line l on l.id = f.line where l.msisdn = $1',
      `86${number}`,
    )
    expect(flags).toEqual([{ lifted_at: expect.anything() }])
    expect(await house.fsck()).toEqual([])
  })

  it('before the payment was heard of, is posted once it is', async () => {
    const number = await house.aLine()
    const { id, attempt } = await house.toPay(guest, number, 5000n)
    await told(attempt, 'reversed')
    expect((await house.order(guest, id)).state).toBe('awaiting-payment')
    await house.notify(attempt, { total_amount: '49.80' })
    await settled()
    await topUps.applyDisputes('laika')
    expect((await house.order(guest, id)).state).toBe('reversed')
    expect(await accountOf(number)).toEqual({ balance: '0', owed: '0' })
    await settled()
    expect(await house.fsck()).toEqual([])
  })

  it('of a package that is unused ends it; the days that have begun are owed', async () => {
    const number = await house.aLine()
    const { packages } = await house.offers(guest, number)
    const [offer] = packages
    if (!offer) throw new Error('no package')
    const body = { items: [{ number, offerId: offer.id }], expected: offer.price, locale: 'zh-CN' }
    const key = () => ({ 'idempotency-key': newKey() })
    const { id } = (await guest.send('POST', '/v1/top-ups', body, key())).body
    const way = { provider: 'alipay', scene: 'wap', locale: 'zh-CN' }
    const { attemptId } = (await guest.send('POST', `/v1/top-ups/${id}/payments`, way, key())).body
    const price = BigInt(offer.price.amountMinor)
    await house.notify(attemptId, { total_amount: yuanOf(offer.price.amountMinor) })
    await settled()
    await told(attemptId, 'reversed', price)
    const { owed } = await accountOf(number)
    expect(BigInt(owed) > 0n && BigInt(owed) < price / 10n).toBe(true)
    expect(await rows('select remaining from laika.lot where remaining > 0')).toEqual([])
    expect(await house.fsck()).toEqual([])
  })

  it('of which a refund was refused: what that holds goes towards the loss', async () => {
    const { id, number, attempt } = await bought(guest)
    const { request } = await house.byStaff(id)
    await topUps.beginRefunds('laika')
    await house.payments.record('laika', {
      ...{
        provider: 'alipay',
        merchant: APP_ID,
        kind: 'refund',
        providerId: `${attempt}/no`,
        attempt: uuid(attempt),
      },
      ...{
        refund: request.id,
        said: 'refund-refused',
        transaction: `T${attempt}`,
        amountMinor: 4980n,
        currency: 'CNY',
      },
      ...{ happenedAtMs: null, note: 'charge_disputed', raw: Buffer.from('{}'), fields: {} },
    })
    await settled()
    await told(attempt, 'reversed')
    expect(await accountOf(number)).toEqual({ balance: '0', owed: '0' })
    expect(await rows('select state from laika.refund where id = $1', request.id)).toEqual([
      { state: 'covered' },
    ])
    expect((await house.order(guest, id)).state).toBe('reversed')
    expect(await house.fsck()).toEqual([])
  })

  it('flags number and payer until a person lifts it, which stands in the events of the line', async () => {
    const { number } = await owing(guest)
    const lift = () =>
      house.db
        .of('laika')
        .tx((tx) =>
          liftFlags(
            tx,
            { ...house, policyOf: presetOf },
            { msisdn: `86${number}`, actor: 'operator ann', reason: 'known' },
          ),
        )
    expect(await lift()).toMatchObject([{ kind: 'card-refused', msisdn: `86${number}` }])
    expect(await lift()).toEqual([])
    const events = await rows(
      `select e.detail from laika.line_event e join laika.line l on l.id = e.line where l.msisdn = $1 and e.kind = 'flag-lifted'`,
      `86${number}`,
    )
    expect(events).toEqual([{ detail: { flag: 'card-refused', by: 'operator ann', reason: 'known' } }])
    expect(await rows(`select reason from laika.audit where act = 'line flag lifted'`)).toEqual([
      { reason: 'known' },
    ])
    await settled()
    expect(await house.fsck()).toEqual([])
  })

  it.each(['settle.decided', 'settle.written'])(
    'a fault at %s leaves it to the next round',
    async (point) => {
      const { number, attempt } = await bought(guest)
      armFailpoints(`${point}:2:throw`)
      await expect(told(attempt, 'reversed')).rejects.toThrow(point)
      expect(await accountOf(number)).toEqual({ balance: '5000', owed: '0' })
      await topUps.applyDisputes('laika')
      expect(await accountOf(number)).toEqual({ balance: '0', owed: '0' })
      await settled()
    },
  )
})

describe('what is owed', () => {
  it('is told to the holder before paying, paid first by the next top-up, and stands on its receipt', async () => {
    await owing(owner, OWN)
    const { owed } = await house.offers(owner, OWN)
    expect(owed).toEqual({ amount: { amountMinor: '4980', currency: 'CNY' }, since: expect.any(String) })
    expect(await house.offers(guest, OWN)).not.toHaveProperty('owed')
    const { id, attempt } = await house.toPay(owner, OWN, 10_000n, { confirmDuplicate: true })
    const placed = await house.order(owner, id)
    const before = placed.items[0]
    expect(before?.settles).toEqual({ amount: { amountMinor: '4980', currency: 'CNY' }, since: owed?.since })
    await house.notify(attempt, { total_amount: yuanOf(placed.price.amountMinor) })
    await settled()
    const order = await house.order(owner, id)
    expect(order.items[0]).toMatchObject({
      ...{ face: { amountMinor: '10000' }, settles: { amount: { amountMinor: '4980' } } },
      balanceAfter: { amountMinor: '5520' },
    })
    const receipt = (await owner.get(`/v1/top-ups/${id}/receipt`)).body
    expect(receipt).toMatchObject({ face: { amountMinor: '10000' }, settled: { amountMinor: '4980' } })
    expect(await house.offers(owner, OWN)).not.toHaveProperty('owed')
    expect(await house.fsck()).toEqual([])
  })

  it('is paid by a dealer’s sale as well, and a stranger’s order says nothing of it', async () => {
    const { number } = await owing(guest)
    const { id } = await house.toPay(guest, number, 3000n, { confirmDuplicate: true })
    expect((await house.order(guest, id)).items[0]).not.toHaveProperty('settles')
    const { headers } = await house.seller(1_000_000n)
    const body = {
      msisdn: `86${number}`,
      amount: { amountMinor: '5000', currency: 'CNY' },
      confirmDuplicate: true,
    }
    const sold = await house
      .visit()
      .send('POST', '/v1/agent/top-ups', body, { ...headers, 'idempotency-key': newKey() })
    expect(sold.body).toMatchObject({ state: 'credited', balanceAfter: { amountMinor: '20' } })
    expect(await accountOf(number)).toEqual({ balance: '20', owed: '0' })
    await settled()
    expect(await house.fsck()).toEqual([])
  })
})
