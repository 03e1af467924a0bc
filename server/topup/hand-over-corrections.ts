import { type Brand, maskNumber } from '../brand/index.ts'
import { readLineAccount } from '../ledger/index.ts'
import { moneyText, readLine, readNumbers } from '../line/index.ts'
import type { MessageIntent } from '../messaging/index.ts'
import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import type { TopUpsDeps } from './deps.ts'
import type { RefundRequest } from './refund-request.ts'
import { lockUntoldCorrections, sendCorrectionsTold } from './refund-request-store.ts'
import { readOrders } from './store.ts'
import type { TopUp } from './top-up.ts'

const BATCH = 100
const WORTH_SENDING_MS = 72 * 3_600_000

type Words = Pick<MessageIntent, 'to' | 'template' | 'locale' | 'values'>

/**
 * Tells the holders of both lines, and the payer, of corrections that were made; answers how many. Who holds the wrong line learns that
 * credit went and nothing of where, who holds the right one that it came and nothing of whence.
 */
export async function handOverCorrections(
  { db, clock, messaging }: Pick<TopUpsDeps, 'db' | 'clock' | 'messaging'>,
  brand: Brand,
): Promise<number> {
  const nowMs = clock.instant()
  return await db.of(brand.key).tx(async (tx) => {
    const untold = await lockUntoldCorrections(tx, BATCH)
    if (untold.length === 0) return 0
    const orders = await readOrders(
      tx,
      untold.map(({ order }) => order),
    )
    const common = { channel: 'sms', sealed: null, notAfterMs: nowMs + WORTH_SENDING_MS } as const
    for (const request of untold) {
      const order = orders.find(({ id }) => id === request.order)
      assert(order, `correction ${request.id} has its order`)
      const words = await wordsFor(tx, brand, order, request)
      messaging.enqueue(
        tx,
        words.map((one) => ({ ...common, ...one, id: newId(nowMs), subject: request.id })),
      )
    }
    sendCorrectionsTold(
      tx,
      untold.map(({ id }) => id),
      nowMs,
    )
    return untold.length
  })
}

async function wordsFor(tx: Tx, brand: Brand, order: TopUp, request: RefundRequest): Promise<Words[]> {
  const { toLine, toEpoch, faceTakenMinor, bonusTakenMinor } = request
  assert(toLine !== null && toEpoch !== null, 'a correction has its right line')
  const moved = faceTakenMinor + bonusTakenMinor
  const text = (minor: bigint, locale: 'zh-CN' | 'en') => moneyText(minor, brand.currency, locale)
  const numbers = await readNumbers(tx, [order.line, toLine])
  const toHolder = async (line: string, epoch: number, template: Words['template']): Promise<Words[]> => {
    const to = numbers.get(line) ?? ''
    const account = await readLineAccount(tx, line, epoch)
    // A number that has passed on since is not told of its former holder's money.
    if ((await readLine(tx, to))?.epoch !== epoch || !account) return []
    const { locale } = brand
    const values = { amount: text(moved, locale), balance: text(account.balanceMinor, locale) }
    return [{ to, locale, template, values }]
  }
  const payer: Words[] =
    order.payerMsisdn === null || order.locale === null
      ? []
      : [
          {
            ...{ to: order.payerMsisdn, locale: order.locale, template: 'credit-moved-payer' },
            values: {
              amount: text(moved, order.locale),
              number: maskNumber(brand, numbers.get(toLine) ?? ''),
            },
          },
        ]
  return [
    ...(await toHolder(order.line, order.epoch, 'credit-moved-away')),
    ...(await toHolder(toLine, toEpoch, 'credit-moved-here')),
    ...payer,
  ]
}
