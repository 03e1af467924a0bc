import type { Brand } from '../brand/index.ts'
import { readAfters } from '../ledger/index.ts'
import { readNumbers } from '../line/index.ts'
import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import { idAt, newId } from '../platform/id.ts'
import type { TopUpsDeps } from './deps.ts'
import { lockUntold, sendTold } from './due-store.ts'
import { handOverCorrections } from './hand-over-corrections.ts'
import { hasGoneBack, type Untold, wordsFor } from './message-values.ts'
import type { TopUp } from './top-up.ts'

/** Little enough that writing the texts keeps nobody waiting. */
const BATCH = 100
/** Other rounds want their turn. */
const BATCHES_A_ROUND = 10
const WORTH_SENDING_MS = 72 * 3_600_000

/**
 * Turns what orders owe into messages, many orders in one transaction; answers how many orders it took. The message of a
 * credit carries the order's own id, so the message table's key judges that there is one.
 */
async function handOverMessages(
  { db, clock, messaging }: Pick<TopUpsDeps, 'db' | 'clock' | 'messaging'>,
  brand: Brand,
  placedBeforeMs?: number,
): Promise<number> {
  const before = placedBeforeMs === undefined ? null : idAt(placedBeforeMs)
  const nowMs = clock.instant()
  return await db.of(brand.key).tx(async (tx) => {
    const untold = await readUntold(tx, await lockUntold(tx, BATCH, before))
    if (untold.length === 0) return 0
    const common = { channel: 'sms', sealed: null, notAfterMs: nowMs + WORTH_SENDING_MS } as const
    messaging.enqueue(
      tx,
      untold.flatMap((one) =>
        wordsFor(brand, one).map((words, i) => {
          const { id: subject, state } = one.order
          const ofCredit = state === 'credited' && !hasGoneBack(one.order) && i === 0
          const id = ofCredit ? subject : newId(nowMs)
          return { ...common, ...words, id, subject }
        }),
      ),
    )
    sendTold(
      tx,
      untold.map(({ order }) => order.id),
    )
    await failpoint('messages.written')
    return untold.length
  })
}

/** The same until no more is owed, or for as long as a round may last; and what corrections owe to whom they concern. */
export async function handOverAll(
  deps: Pick<TopUpsDeps, 'db' | 'clock' | 'messaging'>,
  brand: Brand,
  placedBeforeMs?: number,
): Promise<number> {
  let taken = await handOverCorrections(deps, brand)
  for (let batches = 0; batches < BATCHES_A_ROUND; batches++) {
    const batch = await handOverMessages(deps, brand, placedBeforeMs)
    taken += batch
    if (batch < BATCH) break
  }
  return taken
}

async function readUntold(tx: Tx, orders: readonly TopUp[]): Promise<Untold[]> {
  if (orders.length === 0) return []
  const withCredit = orders.filter(({ state, offerKind }) => state === 'credited' && offerKind !== 'package')
  const [numbers, afters] = await Promise.all([
    readNumbers(tx, [...new Set(orders.map((order) => order.line))]),
    withCredit.length === 0
      ? new Map()
      : readAfters(
          tx,
          withCredit.map((order) => order.id),
        ),
  ])
  return orders.map((order) => {
    const msisdn = numbers.get(order.line)
    assert(msisdn, `line ${order.line} has its number`)
    return { order, msisdn, balanceAfterMinor: afters.get(order.id)?.lineMinor ?? null }
  })
}
