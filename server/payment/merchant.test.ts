import { generateKeyPairSync } from 'node:crypto'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { idToWire } from '../../contract/id.ts'
import { rsaPair } from '../../test/support/alipay-stand-in.ts'
import { APP_ID, MASTER_KEY, paidNotice, paymentRoom, SELLER } from '../../test/support/payment.ts'
import { createHttp } from '../platform/http.ts'
import { newId } from '../platform/id.ts'
import { listMerchants, type NewMerchant } from './index.ts'
import { createMerchants } from './merchant.ts'
import { openAlipay } from './providers/alipay/alipay.ts'

const room = await paymentRoom()
const { payments, alipay, clock, db, log } = room
const ours = rsaPair()

const merchant: NewMerchant = {
  provider: 'alipay',
  id: '2021000000000009',
  seller: SELLER,
  currency: 'GBP',
  gateway: 'https://openapi.alipay.com/gateway.do',
  privateKey: ours.privateKey,
  providerKeys: [rsaPair().publicKey],
  enabled: true,
}
const add = (change: Partial<NewMerchant> = {}) =>
  db.of('laika').tx((tx) => payments.addMerchant(tx, { ...merchant, ...change }))

describe('addMerchant', () => {
  test('keeps our key sealed and gives its public half', async () => {
    await add()
    const { rows } = await room.owner.query('select private_key from laika.merchant where id = $1', [
      merchant.id,
    ])
    expect((rows[0].private_key as Buffer).includes(Buffer.from(ours.privateKey))).toBe(false)
    expect(await payments.publicKeyOf(db.of('laika'), 'alipay', merchant.id)).toBe(ours.publicKey)
  })

  test('reads PEM as well', async () => {
    const pem = ours.key.export({ format: 'pem', type: 'pkcs1' }).toString()
    await add({ privateKey: pem })
    expect(await payments.publicKeyOf(db.of('laika'), 'alipay', merchant.id)).toBe(ours.publicKey)
  })

  test('a key copied into another merchant’s row does not open there', async () => {
    await add({ id: '2021000000000010', privateKey: rsaPair().privateKey })
    await room.owner.query(
      `update laika.merchant set private_key = (select private_key from laika.merchant where id = $1)
       where id = '2021000000000010'`,
      [merchant.id],
    )
    await expect(payments.publicKeyOf(db.of('laika'), 'alipay', '2021000000000010')).rejects.toThrow(
      'altered',
    )
  })

  test('the auditor reads merchants, not their keys', async () => {
    const auditor = new pg.Client({
      connectionString: room.appUrl.replace('baohao_app:app', 'baohao_auditor:auditor'),
    })
    await auditor.connect()
    try {
      expect((await auditor.query('select id, provider_keys from laika.merchant')).rowCount).toBeGreaterThan(
        0,
      )
      await expect(auditor.query('select private_key from laika.merchant')).rejects.toThrow(
        'permission denied',
      )
    } finally {
      await auditor.end()
    }
  })

  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
  test.each<[string, Partial<NewMerchant>, string]>([
    ['a currency without two decimals', { currency: 'JPY' }, 'JPY has not two decimals'],
    ['an address that is none', { gateway: 'ftp://alipay.test/' }, 'no web address'],
    [
      'a weak key',
      { privateKey: weak.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64') },
      'at least 2048 bits',
    ],
  ])('refuses %s', async (_, change, sentence) => await expect(add(change)).rejects.toThrow(sentence))
})

describe('a merchant', () => {
  test('stands after those that were entered before it, even within the same millisecond', async () => {
    const ids = ['2021000000000013', '2021000000000011', '2021000000000012']
    for (const id of ids) await add({ id, enabled: false })
    const listed = await listMerchants(db.of('laika'))
    expect(listed.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual(ids)
  })

  test('that is disabled gets no new attempts', async () => {
    await add({ enabled: false })
    await add({ id: '2021000000000010', enabled: false })
    const nowMs = clock.instant()
    const outcome = await db.of('laika').tx((tx) =>
      payments.open(tx, {
        id: newId(nowMs),
        order: newId(nowMs),
        provider: 'alipay',
        scene: 'page',
        amountMinor: 1n,
        currency: 'GBP',
        caller: newId(nowMs),
        key: 'key-0001',
        hash: 'a',
        expiresAtMs: nowMs + 60_000,
        nowMs,
      }),
    )
    expect(outcome).toEqual({ kind: 'not-offered' })
  })

  test('is heard by its new key at once, and by its old one while both are set', async () => {
    const http = await createHttp({ clock, log, secureOrigin: false, trustedProxies: 0, formTargets: [] })
    await payments.routes(http)
    const number = idToWire(await room.openAttempt())
    const next = rsaPair()
    let sent = 0
    const post = async (key?: typeof next.key) => {
      const body = alipay.notification(paidNotice(number, { notify_id: `k${++sent}` }), key)
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const url = `/v1/notifications/alipay/laika/${APP_ID}`
      return (await http.inject({ method: 'POST', url, headers, body })).statusCode
    }
    const setKeys = (...keys: string[]) =>
      db.of('laika').tx((tx) => payments.setProviderKeys(tx, 'alipay', APP_ID, keys))
    expect([await post(), await post(next.key)]).toEqual([200, 401])
    await setKeys(next.publicKey, alipay.publicKey)
    expect([await post(), await post(next.key)]).toEqual([200, 200])
    await setKeys(next.publicKey)
    expect([await post(), await post(next.key)]).toEqual([401, 200])
    await http.close()
  })

  test('is opened once for all who ask at one moment, and again only when it has changed', async () => {
    let openings = 0
    const merchants = createMerchants({
      ...{ db, clock, masterKey: MASTER_KEY },
      providers: {
        alipay: async (...merchant) => {
          openings++
          return await openAlipay(...merchant)
        },
      },
    })
    const ask = () =>
      Promise.all(Array.from({ length: 5 }, () => merchants.provider('laika', 'alipay', merchant.id)))
    const seen = new Set<unknown>()
    const look = async () => {
      for (const provider of await ask()) seen.add(provider)
      clock.advance(5_001)
    }
    await add()
    await look()
    await look()
    expect([openings, seen.size]).toEqual([1, 1])
    await add({ gateway: 'https://elsewhere.test/gateway.do' })
    await look()
    expect([openings, seen.size]).toEqual([2, 2])
    expect(seen.has(undefined)).toBe(false)
  })

  test('that nobody added has no keys to set', async () => {
    const setting = db.of('laika').tx((tx) => payments.setProviderKeys(tx, 'alipay', '1', [alipay.publicKey]))
    await expect(setting).rejects.toThrow('no merchant 1')
  })
})
