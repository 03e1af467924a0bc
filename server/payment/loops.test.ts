import { afterEach, describe, expect, test } from 'vitest'
import { evidenceRows, paymentRoom } from '../../test/support/payment.ts'
import { createLog } from '../platform/log.ts'
import { startLoop } from '../platform/loop.ts'

const log = createLog('silent')

describe('startLoop', () => {
  test('goes on after a round that failed, and stops when the round under way is over', async () => {
    let rounds = 0
    let under = 0
    const loop = startLoop(
      'test',
      1,
      async () => {
        rounds++
        under++
        await new Promise((resolve) => setTimeout(resolve, 5))
        under--
        if (rounds === 1) throw new Error('the first round fails')
      },
      log,
    )
    await expect.poll(() => rounds).toBeGreaterThan(2)
    await loop.stop()
    const after = rounds
    expect(under).toBe(0)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(rounds).toBe(after)
  })

  test('stops in the middle of its pause', async () => {
    const loop = startLoop('test', 60_000, async () => undefined, log)
    await loop.stop()
  })
})

describe('the room’s own loops', async () => {
  const room = await paymentRoom()
  afterEach(() => room.payments.stopLoops())

  test('ask about due attempts by themselves', async () => {
    room.alipay.on('alipay.trade.query', ({ biz }) => ({
      code: '10000',
      out_trade_no: biz.out_trade_no,
      trade_no: '2026112222001451099412345678',
      trade_status: 'TRADE_SUCCESS',
      total_amount: '49.80',
    }))
    const id = await room.openAttempt()
    room.clock.advance(12_000)
    room.payments.startLoops()
    await expect.poll(() => evidenceRows(room, id), { timeout: 5_000 }).toHaveLength(1)
  })
})
