import { deflateSync } from 'node:zlib'
import { compactChinaTime } from '../clock.ts'
import { zip } from '../zip.ts'
import { settleDay } from './fields.ts'
import type { UnionPayKnobs } from './knobs.ts'
import type { Transaction, UnionPayState } from './transaction.ts'

/**
 * The widths of a row of the ZM file, in bytes, one space between fields: 5 sent at (MMDDhhmmss), 7 amount in fen, 10 queryId,
 * 12 order number, 16 fee, 17 amount less fee, 20 txnType, 27 queryId of the payment, 28 merId, 33 net, 41 order number of the
 * payment. 16, 17 and 33 are signed: C to the merchant, D from it. Source: UnionPay, access specification, part 3, as the
 * vendor's kits read it.
 */
export const zmWidths = [
  3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32,
  13, 13, 8, 32, 13, 13, 12, 2, 1, 32, 98,
] as const

/** 0.60 % of what was paid, a half fen up; a refund gives none of it back. */
const feeOf = (amountMinor: bigint) => (amountMinor * 6n + 500n) / 1_000n

/** The name of the archive and its bytes, packed as the wire carries them: zlib, then base64. */
export function settlementFile(
  state: UnionPayState,
  merId: string,
  day: string,
  knobs: UnionPayKnobs,
  now: number,
): { fileName: string; fileContent: string } {
  const rows = rowsOf(state, merId, day, knobs).map((row) => `${formatRow(row)}\r\n`)
  const digits = day.replaceAll('-', '')
  const archive = zip(
    [
      { name: Buffer.from(`INN${digits.slice(2)}88ZM_${merId}`), content: Buffer.from(rows.join('')) },
      // Disputes and adjustments: the sandbox has none.
      { name: Buffer.from(`INN${digits.slice(2)}88ZME_${merId}`), content: Buffer.alloc(0) },
    ],
    now,
  )
  const packed = deflateSync(archive)
  // The last four bytes are zlib's checksum.
  if (knobs.billFault === 'wrong-hash')
    packed.writeUInt8(packed.readUInt8(packed.length - 1) ^ 1, packed.length - 1)
  return { fileName: `${merId}_${digits}.zip`, fileContent: packed.toString('base64') }
}

interface Row {
  transaction: Transaction
  /** The payment's own order number, where this row gives back. */
  origOrderId: string
  /** What the row says was moved. */
  amountMinor: bigint
}

function rowsOf(state: UnionPayState, merId: string, day: string, { billFault }: UnionPayKnobs): Row[] {
  const settled = [...state.transactions.values()].filter(
    (one) => one.merId === merId && one.respCode === '00' && settleDay(one.at) === day,
  )
  const rows = settled.map((transaction, index) => ({
    transaction,
    origOrderId: state.transactions.get(transaction.origQryId ?? '')?.orderId ?? '',
    amountMinor: transaction.amountMinor + (index === 0 && billFault === 'fen-off' ? 1n : 0n),
  }))
  if (billFault === 'row-missing') return rows.slice(1)
  return billFault === 'row-extra' ? [...rows, strayRow(merId, day)] : rows
}

/** A payment that nobody made, the same at each reading. */
function strayRow(merId: string, day: string): Row {
  const digits = day.replaceAll('-', '')
  const card = { id: 'debit', accNo: '622588******0010', payCardType: '01', payType: '0201', says: '00' }
  const transaction: Transaction = {
    queryId: `44${digits.slice(2)}1200000000019`,
    kind: '01',
    merId,
    orderId: `STRAY${digits}`,
    txnTime: `${digits}120000`,
    amountMinor: 1_000n,
    traceNo: '000001',
    at: 0,
    card,
    backUrl: '',
    respCode: '00',
  }
  return { transaction, origOrderId: '', amountMinor: 1_000n }
}

function formatRow({ transaction, origOrderId, amountMinor }: Row): string {
  const { kind, at, card, traceNo, queryId, orderId, merId, txnTime, origQryId = '' } = transaction
  const sentAt = at === 0 ? txnTime.slice(4) : compactChinaTime(at).slice(4)
  const forward = kind === '01'
  const fee = forward ? feeOf(amountMinor) : 0n
  const signed = (sign: 'C' | 'D', minor: bigint) => `${sign}${`${minor}`.padStart(12, '0')}`
  const net = forward ? signed('C', amountMinor - fee) : signed('D', amountMinor)
  const values: Record<number, string> = {
    1: { '01': 'S22', '04': 'S30', '31': 'S32' }[kind],
    2: '00010000',
    3: '00010000',
    4: traceNo,
    5: sentAt,
    6: card.accNo,
    7: `${amountMinor}`.padStart(12, '0'),
    8: '4814',
    9: '07',
    10: queryId,
    12: orderId,
    13: card.payCardType,
    16: signed('D', fee),
    17: net,
    18: card.payType,
    20: kind,
    21: forward ? '01' : '00',
    22: '000201',
    23: '01',
    27: origQryId,
    28: merId,
    33: net,
    41: origOrderId,
    42: signed(forward ? 'C' : 'D', amountMinor),
  }
  return zmWidths.map((width, index) => (values[index + 1] ?? '').padEnd(width)).join(' ')
}
