import { afterAll, expect, test } from 'vitest'
import { wholeHouse } from '../support/house.ts'
import { inWallet, person } from '../support/person.ts'

const world = await wholeHouse()
afterAll(async () => {
  await world.proved()
  await world.stop()
})

const NUMBER = '15400001042'

test('the brand says where it speaks from, and whether its hotline is open', async () => {
  const { status, body } = await person(world, 'harbour').get('/v1/channels')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    ...{ smsSenders: ['Harbour'], emailDomains: ['harbour.example'], email: 'help@harbour.example' },
    hotline: { number: '07700 900999', zone: 'Europe/London', open: expect.any(Boolean) },
  })
  expect(Date.parse(body.hotline.changesAt)).toBeGreaterThan(world.house.clock.business('harbour'))
})

test('what a guest ordered and asked becomes the account’s, which is closed once nothing is open', async () => {
  const somebody = person(world, 'laika')
  await somebody.proveAsPayer(NUMBER)
  const { order, outTradeNo } = await somebody.orderToPay(NUMBER, { term: 'month' })
  const question = {
    ...{ topic: 'top-up', order: order.id, body: '支付以后多久到账？', locale: 'zh-CN' },
    replyTo: { by: 'sms', number: NUMBER },
  }
  expect((await somebody.send('POST', '/v1/cases', question, 'a-question-of-a-guest')).body.code).toBe(
    'captcha-needed',
  )

  // The next code to the same phone would have to wait a minute.
  await world.database.owner.query('delete from platform.rate_limit')
  await somebody.register(NUMBER)
  const { orders } = (await somebody.get('/v1/top-ups')).body
  expect(orders.map(({ id }: { id: string }) => id)).toEqual([order.id])
  const asked = await somebody.send('POST', '/v1/cases', question, 'a-question-of-an-account')
  expect(asked).toMatchObject({ status: 201, body: { state: 'open', reply: { confirmed: true } } })

  const closure = { understood: true }
  expect((await somebody.send('POST', '/v1/me/closure', closure)).body.code).toBe('orders-open')
  await inWallet(world, 'laika', outTradeNo, 'pay')
  await somebody.until(order.id, ['credited'])
  expect((await somebody.send('POST', '/v1/me/closure', closure)).status).toBe(204)
  expect((await somebody.get('/v1/session')).body.kind).toBe('none')
  const bound = await world.house.db
    .of('laika')
    .query('select from {{brand}}.line_log_in b join {{brand}}.line l on l.id = b.line where l.msisdn = $1', [
      `86${NUMBER}`,
    ])
  expect(bound).toEqual([])
  const wiped = await world.house.db
    .of('laika')
    .query('select reply_to from {{brand}}.support_case where number = $1', [asked.body.number])
  expect(wiped).toEqual([{ reply_to: null }])
})
