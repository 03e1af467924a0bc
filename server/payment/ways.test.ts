import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { paymentRoom } from '../../test/support/payment.ts'
import { requestBrand } from '../brand/index.ts'
import { createHttp } from '../platform/http.ts'

const room = await paymentRoom()
const { payments, alipay, brands, clock, log, owner } = room
const PORT = 3000
const portBrands = new Map([[PORT, 'laika']])
const http = await createHttp({ clock, log, secureOrigin: false, trustedProxies: 0, formTargets: [] })
await http.register(requestBrand({ brands, portBrands }))
await payments.routes(http)
const address = await http.listen({ host: '127.0.0.1', port: 0 })
portBrands.set(Number(new URL(address).port), 'laika')
afterAll(() => http.close())

const ways = async () => await (await fetch(`${address}/v1/payment-ways`)).json()

describe('the ways to pay', () => {
  beforeEach(() => owner.query('update laika.merchant set enabled = true'))

  test('are the rails with a merchant that takes payments', async () => {
    expect(await ways()).toEqual({
      ways: [{ provider: 'alipay', currency: 'CNY', off: null }],
      maintenance: null,
    })
    await owner.query('update laika.merchant set enabled = false')
    expect(await ways()).toEqual({ ways: [], maintenance: null })
  })

  test('name a rail that does not answer, until its rest is over', async () => {
    alipay.on('alipay.trade.precreate', 'http-500')
    for (let i = 0; i < 5; i++) {
      const attempt = await room.openAttempt({ scene: 'qr', key: `key-${i}-rest` })
      await payments.start('laika', attempt, {
        subject: '莱卡',
        returnUrl: 'http://l.test/',
        locale: 'zh-CN',
      })
    }
    const resting = { provider: 'alipay', currency: 'CNY', off: { why: 'not-answering', notice: null } }
    expect(await ways()).toEqual({ ways: [resting], maintenance: null })
    clock.advance(30_000)
    expect(await ways()).toEqual({
      ways: [{ provider: 'alipay', currency: 'CNY', off: null }],
      maintenance: null,
    })
  })
})
