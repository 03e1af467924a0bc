import { describe, expect, it } from 'vitest'
import { newKey, topUpHouse } from '../../test/support/top-up.ts'
import type { Answer, Visitor } from '../../test/support/visitor.ts'

const house = await topUpHouse()
const { clock, owner } = house

const OWN = '15400050001'
await house.open({ msisdn: `86${OWN}`, paidMinor: 1230n })
const account = await house.registered(OWN)
const guest = await house.guest()
const code = ({ status, body }: Answer) => `${status} ${body?.code ?? ''}`.trim()

async function credited(who: Visitor): Promise<string> {
  const { id, attempt } = await house.toPay(who, OWN, 5000n)
  clock.advance(5_000)
  await house.notify(attempt)
  await house.topUps.sweep('laika')
  clock.advance(120_000)
  return id
}

describe('an order that was paid', () => {
  it('shows its owner the new balance and date, the timeline and the receipt', async () => {
    const id = await credited(account)
    const order = await house.order(account, id)
    expect(order).toMatchObject({
      ...{ state: 'credited', final: true, provider: 'alipay', paymentState: 'captured', payBy: null },
      ...{
        captured: { amountMinor: '4980' },
        refunded: { amountMinor: '0' },
        receiptNumber: 'LK-W-00000001',
      },
    })
    expect(order.timeline.map(({ step }) => step)).toEqual(['placed', 'paid', 'credited'])
    expect(order.timeline.map(({ at }) => at)).toEqual(order.timeline.map(({ at }) => at).toSorted())
    const [item] = order.items
    expect(item).toMatchObject({
      ...{ msisdn: `86${OWN}`, balanceAfter: { amountMinor: '6230', currency: 'CNY' } },
      ...{ lastSafeDayBefore: '2027-08-18', lastSafeDay: '2028-02-14', addedDays: 180 },
    })
    const { status, body: receipt } = await account.get(`/v1/top-ups/${id}/receipt`)
    expect(status).toBe(200)
    expect(receipt).toEqual({
      ...{ number: 'LK-W-00000001', orderId: id, issuedAt: order.timeline[2]?.at, msisdn: `86${OWN}` },
      brandName: { 'zh-CN': '莱卡保号卡（演示）', en: 'Laika Keep (demo)' },
      offerName: { 'zh-CN': '50 元话费', en: 'CNY 50 credit' },
      ...{ face: cny('5000'), bonus: cny('0'), paid: cny('4980'), surcharge: cny('0'), refunded: cny('0') },
      ...{ method: 'alipay', lastSafeDay: '2028-02-14', validityText: item?.validityText, hotline: '10154' },
    })
  })

  it('shows a guest neither number nor balance nor date', async () => {
    const id = await credited(guest)
    const [item] = (await house.order(guest, id)).items
    expect(item).toMatchObject({
      ...{
        msisdn: '154****0001',
        balanceAfter: null,
        lastSafeDayBefore: null,
        lastSafeDay: null,
        addedDays: 180,
      },
    })
    const { body } = await guest.get(`/v1/top-ups/${id}/receipt`)
    expect(body).toMatchObject({ msisdn: '154****0001', lastSafeDay: null })
    expect(JSON.stringify([item, body])).not.toContain(OWN)
  })

  it('is notified once its message was delivered', async () => {
    const id = await credited(account)
    await house.topUps.handOverMessages('laika')
    expect((await house.order(account, id)).timeline.at(-1)?.step).toBe('credited')
    await owner.query(
      `update laika.message set state = 'delivered', ended_at = $1 where template like 'top-up%'`,
      [new Date(clock.instant()).toISOString()],
    )
    expect((await house.order(account, id)).timeline.at(-1)?.step).toBe('notified')
  })

  it('without a receipt yet says so', async () => {
    const { body } = await house.place(account, OWN, 3000n)
    expect(code(await account.get(`/v1/top-ups/${body.id}/receipt`))).toBe('409 receipt-not-ready')
  })
})

describe('the orders of one are nobody else’s', () => {
  it('not another guest’s, not another account’s, not another brand’s, not an agent’s', async () => {
    const { id } = await house.toPay(guest, OWN, 10_000n)
    const { headers } = await house.seller(100_000n)
    const sold = await house
      .visit()
      .send(
        'POST',
        '/v1/agent/top-ups',
        { msisdn: `86${OWN}`, amount: cny('5000') },
        { ...headers, 'idempotency-key': newKey() },
      )
    const other = await house.guest('15400099998')
    const abroad = await house.guest('07700900998', 'harbour')
    const paying = { provider: 'alipay', scene: 'wap', locale: 'en' }
    for (const who of [other, abroad, account]) {
      const answers = [
        await who.get(`/v1/top-ups/${id}`),
        await who.get(`/v1/top-ups/${id}/receipt`),
        await who.send('POST', `/v1/top-ups/${id}/payments`, paying, { 'idempotency-key': newKey() }),
        await who.send('POST', `/v1/top-ups/${id}/returned`),
        await who.get(`/v1/top-ups/${sold.body.id}`),
        await who.get('/v1/top-ups/not-an-id'),
      ]
      expect(new Set(answers.map(code))).toEqual(new Set(['404 order-not-found']))
      const { body } = await who.get('/v1/top-ups')
      expect(body.orders.map((order: { id: string }) => order.id)).not.toContain(id)
    }
    const listed = await guest.get('/v1/top-ups')
    expect(listed.body.orders[0]).toMatchObject({ id, state: 'awaiting-payment' })
    expect(code(await house.visit().get(`/v1/top-ups/${id}`))).toBe('401 not-authenticated')
    expect(code(await house.visit().get(`/v1/top-ups/${id}`, headers))).toBe('403 forbidden')
  })

  it('newest first, twenty at a time, each once', async () => {
    const many = await house.guest('15400099997')
    await house.place(many, OWN, 3000n)
    await owner.query(
      `insert into laika.top_up (id, caller, line, offer, price, face, bonus, epoch, key, hash, offer_kind, terms, locale, validity_text, placed_at, pay_by, kind, state)
       select gen_random_uuid(), caller, line, offer, price, face, bonus, epoch, 'copy-' || n, hash, offer_kind, terms, locale, validity_text, placed_at, pay_by, kind, state
         from (select * from laika.top_up order by id desc limit 1) t, generate_series(1, 40) n`,
    )
    const seen: string[] = []
    const sizes: number[] = []
    for (let before = ''; sizes.length < 9; ) {
      const { body } = await many.get(`/v1/top-ups${before}`)
      seen.push(...body.orders.map((order: { id: string }) => order.id))
      sizes.push(body.orders.length)
      if (body.next === undefined) break
      before = `?before=${body.next}`
    }
    expect(sizes).toEqual([20, 20, 1])
    expect(new Set(seen).size).toBe(41)
    expect(seen).toEqual(seen.toSorted().reverse())
  })

  it('of one group, of one number', async () => {
    const some = await house.guest('15400099996')
    const second = '15400050002'
    await house.open({ msisdn: `86${second}`, paidMinor: 0n })
    const done = await credited(some)
    const { body: waiting } = await house.place(some, second, 3000n)
    const idsOf = async (filter: string) => {
      const { body } = await some.get(`/v1/top-ups?${filter}`)
      return body.orders.map((order: { id: string }) => order.id)
    }
    expect(await idsOf('group=credited')).toEqual([done])
    expect(await idsOf('group=awaiting-payment')).toEqual([waiting.id])
    expect(await idsOf('group=refunds')).toEqual([])
    expect(await idsOf(`number=${second}`)).toEqual([waiting.id])
    expect(await idsOf(`number=${OWN}&group=credited`)).toEqual([done])
    expect(await idsOf(`number=${OWN}&group=under-way`)).toEqual([])
    // A number that the brand may give and nobody has.
    expect(await idsOf('number=15400099990')).toEqual([])
    expect(code(await some.get('/v1/top-ups?number=12345'))).toMatch(/^4\d\d /)
    expect(code(await some.get('/v1/top-ups?group=lost'))).toMatch(/^400 /)
    expect(code(await some.get('/v1/top-ups?before=NOTANID'))).toMatch(/^400 /)
  })
})

function cny(amountMinor: string) {
  return { amountMinor, currency: 'CNY' }
}
