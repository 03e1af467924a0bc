import { describe, expect, test } from 'vitest'
import type { Messaging } from './index.ts'
import { openMessagingFixture } from './messaging-fixture.ts'

const fixture = await openMessagingFixture()
const { owner, messagingOver, enqueue, notice, longNotice, states } = fixture

describe('delivery receipts', () => {
  const sent = async (messaging: Messaging, message = notice()) => {
    await enqueue(messaging, message)
    await messaging.drain()
    return message
  }

  test('may come before the answer to the submit', async () => {
    fixture.smsc.behaviour = () => 'receipt-first'
    const message = await sent(messagingOver(), longNotice())
    expect(await states(message)).toEqual(['delivered'])
  })

  test('may come twice, and at the same time', async () => {
    const message = await sent(messagingOver(), longNotice())
    const acknowledged = await Promise.all(
      ['id-1', 'id-2', 'id-2', 'id-1', 'id-1'].map((smscId) => fixture.smsc.receipt(smscId)),
    )
    expect(acknowledged).toEqual([0, 0, 0, 0, 0])
    expect(await states(message)).toEqual(['delivered'])
  })

  test('of messages that are not ours are acknowledged and kept', async () => {
    await sent(messagingOver())
    expect(await fixture.smsc.receipt('stranger')).toBe(0)
    const orphans = 'select smsc_id from laika.message_part where message is null'
    expect((await owner.query(orphans)).rows).toEqual([{ smsc_id: 'stranger' }])
  })

  test('say undelivered when one part is lost; a later delivery betters it, and nothing worsens a delivery', async () => {
    const message = await sent(messagingOver(), longNotice())
    await fixture.smsc.receipt('id-1', 'DELIVRD')
    await fixture.smsc.receipt('id-2', 'EXPIRED')
    expect(await states(message)).toEqual(['undelivered'])
    await fixture.smsc.receipt('id-2', 'DELIVRD')
    expect(await states(message)).toEqual(['delivered'])
    await fixture.smsc.receipt('id-2', 'UNDELIV')
    expect(await states(message)).toEqual(['delivered'])
  })

  test('are refused while they cannot be kept, so that the SMSC brings them again', async () => {
    const message = await sent(messagingOver())
    await owner.query('revoke insert on laika.message_part from baohao_app')
    expect(await fixture.smsc.receipt('id-1')).toBe(0x64)
    await owner.query('grant insert on laika.message_part to baohao_app')
    expect(await states(message)).toEqual(['sent'])
    expect(await fixture.smsc.receipt('id-1')).toBe(0)
    expect(await states(message)).toEqual(['delivered'])
  })

  test('an id that comes round again names the new message', async () => {
    const messaging = messagingOver()
    const old = await sent(messaging)
    await fixture.smsc.receipt('id-1')
    await owner.query(`update laika.message_part set smsc_id = 'id-2'`)
    const fresh = await sent(messaging)
    expect(await states(old, fresh)).toEqual(['delivered', 'sent'])
    await owner.query('delete from laika.message where id = $1', [old.id])
    await fixture.smsc.receipt('id-2')
    expect(await states(fresh)).toEqual(['delivered'])
  })

  test('interim ones and what subscribers write change nothing', async () => {
    const message = await sent(messagingOver())
    expect(await fixture.smsc.receipt('id-1', 'ENROUTE')).toBe(0)
    expect(
      await fixture.smsc.deliver({ source_addr: message.to, short_message: 'id:id-1 stat:DELIVRD' }),
    ).toBe(0x66)
    expect(await states(message)).toEqual(['sent'])
  })
})
