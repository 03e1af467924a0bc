import smpp, { type Pdu } from 'smpp'
import { describe, expect, test } from 'vitest'
import { readDeliveryReceipt } from './delivery-receipt.ts'

/** A deliver_sm as it comes off the wire. */
function received(fields: ConstructorParameters<typeof smpp.PDU>[1]): Pdu {
  const sent = new smpp.PDU('deliver_sm', fields) as unknown as { toBuffer(): Buffer }
  return new (smpp.PDU as unknown as new (bytes: Buffer) => Pdu)(sent.toBuffer())
}
const text = (body: string) => received({ esm_class: 0x04, short_message: Buffer.from(body, 'latin1') })

describe('the text of appendix B', () => {
  const usual = (state: string) =>
    text(
      `id:00c4d sub:001 dlvrd:000 submit date:2611221400 done date:2611221401 stat:${state} err:027 text:hello`,
    )

  test.each([
    ['DELIVRD', 'delivered'],
    ['EXPIRED', 'undelivered'],
    ['DELETED', 'undelivered'],
    ['UNDELIV', 'undelivered'],
    ['UNKNOWN', 'undelivered'],
    ['REJECTD', 'undelivered'],
  ])('%s', (networkState, outcome) => {
    expect(readDeliveryReceipt(usual(networkState))).toEqual({ smscId: '00c4d', outcome, networkState })
  })

  test.each(['ENROUTE', 'ACCEPTD'])('%s is not the last word', (state) => {
    expect(readDeliveryReceipt(usual(state))).toBe('interim')
  })

  test('vendors differ in case and spacing', () => {
    expect(readDeliveryReceipt(text('ID: 77 Sub:001 Stat: delivrd'))).toMatchObject({
      smscId: '77',
      outcome: 'delivered',
    })
  })

  test.each(['', 'sub:001 stat:DELIVRD', 'id:9 sub:001', 'id:9 stat:WHATEVER'])(
    'is unreadable: "%s"',
    (body) => {
      expect(readDeliveryReceipt(text(body))).toBe('unreadable')
    },
  )
})

test('parameters win over the text', () => {
  const pdu = received({
    esm_class: 0x04,
    short_message: Buffer.from('id:7f stat:UNDELIV'),
    receipted_message_id: '127',
    message_state: 2,
  })
  expect(readDeliveryReceipt(pdu)).toEqual({ smscId: '127', outcome: 'delivered', networkState: 'DELIVRD' })
})

test('a receipt may hold parameters only', () => {
  const pdu = received({ esm_class: 0x04, receipted_message_id: '127', message_state: 8 })
  expect(readDeliveryReceipt(pdu)).toEqual({ smscId: '127', outcome: 'undelivered', networkState: 'REJECTD' })
})

test('what a subscriber wrote is no receipt, whatever it says', () => {
  expect(readDeliveryReceipt(received({ short_message: Buffer.from('id:1 stat:DELIVRD') }))).toBe('message')
})

test('an intermediate notification is not the last word', () => {
  expect(
    readDeliveryReceipt(received({ esm_class: 0x20, short_message: Buffer.from('id:1 stat:DELIVRD') })),
  ).toBe('interim')
})
