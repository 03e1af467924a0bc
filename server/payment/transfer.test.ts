import { createSign } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { idToWire } from '../../contract/id.ts'
import { rsaPair } from '../../test/support/alipay-stand-in.ts'
import { eachBitFlipped, quickKeys } from '../../test/support/bit-flips.ts'
import { attemptRow, evidenceRows, paymentRoom } from '../../test/support/payment.ts'
import { newId } from '../platform/id.ts'
import type { OpenInput } from './index.ts'
import { openBank } from './providers/bank/bank.ts'
import { isReference, referenceOf } from './providers/bank/reference.ts'

const DAY_MS = 86_400_000
const room = await paymentRoom()
const { payments, clock, db } = room
const bank = rsaPair()
const settings = {
  ...{
    holder: '莱卡通信有限公司',
    bankName: '中国工商银行北京海淀支行',
    accountNumber: '0200049609200123456',
  },
  payWithinDays: '2',
}
const merchant = {
  ...({ provider: 'bank', id: 'main', seller: '0200049609200123456', currency: 'CNY', gateway: '' } as const),
  ...{ privateKey: null, providerKeys: [bank.publicKey], settings, enabled: true },
}
const presentation = { subject: '莱卡保号', returnUrl: 'http://laika.test', locale: 'zh-CN' } as const
const transfer = (input: Partial<OpenInput> = {}): OpenInput => {
  const nowMs = clock.instant()
  return {
    ...{
      id: newId(nowMs),
      order: newId(nowMs),
      provider: 'bank',
      scene: 'page',
      amountMinor: 4980n,
      currency: 'CNY',
    },
    ...{ caller: newId(nowMs), key: `key-${newId(nowMs)}`, hash: 'a', expiresAtMs: nowMs + 1_800_000, nowMs },
    ...input,
  }
}
const open = (input: OpenInput) => db.of('laika').tx((tx) => payments.open(tx, input))

beforeAll(() => db.of('laika').tx((tx) => payments.addMerchant(tx, merchant)))

describe('a transfer', () => {
  test('has the days that the merchant gives it, and tells where the money goes', async () => {
    const input = transfer()
    const untilMs = input.nowMs + 2 * DAY_MS
    expect(await open(input)).toEqual({ kind: 'opened', attempt: input.id, expiresAtMs: untilMs })
    const started = await payments.start('laika', input.id, presentation)
    expect(started).toMatchObject({
      kind: 'started',
      started: {
        attemptId: idToWire(input.id),
        transfer: {
          ...{ holder: settings.holder, bank: settings.bankName, accountNumber: settings.accountNumber },
          ...{ sortCode: null, iban: null, bic: null },
          amount: { amountMinor: '4980', currency: 'CNY' },
          until: new Date(untilMs).toISOString(),
        },
      },
    })
    const { reference } = await attemptRow(room, input.id)
    expect(isReference(reference as string)).toBe(true)
  })

  test('keeps its reference as long as it is open, whatever key is used', async () => {
    const first = transfer()
    await open(first)
    const kept = await payments.start('laika', first.id, presentation)
    expect(await open(transfer({ order: first.order }))).toEqual({ kind: 'replay', attempt: first.id })
    expect(await payments.start('laika', first.id, presentation)).toEqual(kept)
  })

  test('is asked about never, and is closed whenever its order ends', async () => {
    const input = transfer()
    await open(input)
    await payments.start('laika', input.id, presentation)
    await payments.watch('laika', [input.id], 'listening')
    expect(await attemptRow(room, input.id)).toMatchObject({ state: 'pending', next_query_at: null })
    expect(await payments.probe('laika', input.id)).toMatchObject({ outcome: { kind: 'pending' } })
    expect(await payments.closeOpen('laika', input.order)).toBe('closed')
    expect(await evidenceRows(room, input.id)).toMatchObject([{ kind: 'close', said: 'closed' }])
  })

  test('whose reference another has already is given up', async () => {
    const [first, second] = [transfer(), transfer()]
    await open(first)
    await open(second)
    const taken = referenceOf(idToWire(second.id))
    await room.owner.query('update laika.attempt set reference = $2 where id = $1', [first.id, taken])
    expect(await payments.start('laika', second.id, presentation)).toMatchObject({ kind: 'no' })
    expect(await attemptRow(room, second.id)).toMatchObject({ state: 'closed', reference: null })
  })

  test('of a merchant without an account is declined', async () => {
    const adapter = await openBank({ ...merchant, secrets: {}, settings: { holder: 'x' } }, clock.instant)
    const charge = { number: 'n', scene: 'page', amountMinor: 1n, currency: 'CNY', expiresAtMs: 0 } as const
    const shown = { ...presentation, notifyUrl: '' }
    expect(await adapter.create({ ...charge, payer: null }, shown)).toMatchObject({ kind: 'no' })
  })
})

describe('a notice of the bank', () => {
  const body = Buffer.from('<Document/>')
  const signed = (time: number, bytes: Buffer = body, key = bank.privateKey) => ({
    body: bytes,
    headers: {
      'bank-timestamp': `${time}`,
      'bank-signature': createSign('sha256')
        .update(`${time}\n`)
        .update(bytes)
        .sign({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' }, 'base64'),
    },
  })
  const verified = async (notice: ReturnType<typeof signed>) =>
    (await openBank({ ...merchant, secrets: {} }, clock.instant)).verifyNotification(notice)

  test('is genuine when one of its keys signed it within five minutes', async () => {
    expect(await verified(signed(clock.instant()))).toEqual({ kind: 'statement', raw: body })
    for (const age of [301_000, -301_000])
      expect(await verified(signed(clock.instant() - age))).toMatchObject({
        kind: 'refused',
        fault: 'signature',
      })
    expect(await verified(signed(clock.instant(), body, rsaPair().privateKey))).toMatchObject({
      kind: 'refused',
    })
  })

  test('with any single bit flipped is refused, of fifty', { timeout: 60_000 }, async () => {
    const keys = quickKeys()
    const ours = keys.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
    const theirs = keys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
    const adapter = await openBank({ ...merchant, secrets: {}, providerKeys: [theirs] }, clock.instant)
    const taken: string[] = []
    for (let one = 0; one < 50; one++) {
      const genuine = signed(clock.instant(), Buffer.from(`<Document>${one}</Document>`), ours)
      expect(await adapter.verifyNotification(genuine)).toMatchObject({ kind: 'statement' })
      for (const part of ['body', 'bank-timestamp', 'bank-signature'] as const) {
        const bytes = part === 'body' ? genuine.body : Buffer.from(genuine.headers[part])
        for (const bit of eachBitFlipped(bytes)) {
          const headers = { ...genuine.headers, ...(part !== 'body' && { [part]: bytes.toString('latin1') }) }
          const outcome = await adapter.verifyNotification({ body: genuine.body, headers })
          if (outcome.kind !== 'refused' || outcome.fault !== 'signature') taken.push(`${one} ${part} ${bit}`)
        }
      }
    }
    expect(taken).toEqual([])
  })

  test('of a merchant whose bank sends none is refused', async () => {
    const adapter = await openBank({ ...merchant, secrets: {}, providerKeys: [] }, clock.instant)
    expect(await adapter.verifyNotification(signed(clock.instant()))).toMatchObject({ kind: 'refused' })
  })
})
