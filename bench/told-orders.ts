import { idToWire } from '../contract/id.ts'
import { openMerchantAccounts } from '../server/ledger/index.ts'
import { insertAttempt } from '../server/payment/attempt-store.ts'
import { newId } from '../server/platform/id.ts'
import { sendPlacedOrder } from '../server/topup/store.ts'
import { justPlaced, type TopUp } from '../server/topup/top-up.ts'
import { benchMsisdn } from './lines.ts'
import type { Teller, Told } from './told-notices.ts'
import type { World } from './world.ts'

const FACE_MINOR = 5000n
const PAY_WITHIN_MS = 3_600_000
const CHUNK = 500

/** The brand's contract with a rail, and the account that holds what the rail owes it. */
export async function addToldMerchant({ house, brand }: World, { merchant }: Teller): Promise<void> {
  await house.db.of(brand.key).tx(async (tx) => {
    await house.payments.addMerchant(tx, merchant)
    const { provider, id, currency } = merchant
    await openMerchantAccounts(tx, house.clock, { provider, merchant: id, currency })
  })
}

/** Orders that await payment, each of a line of its own, with an attempt that is open: what is to be told of them. */
export async function placeOrders(
  world: World,
  { merchant }: Teller,
  from: number,
  count: number,
): Promise<Told[]> {
  const { house, brand } = world
  const { db, clock, catalog } = house
  const nowMs = clock.instant()
  const { denominations } = await catalog.priceTable(brand.key, Math.floor(nowMs / 86_400_000))
  const offer = denominations.find(({ faceMinor }) => faceMinor === FACE_MINOR)
  if (!offer) throw new Error('no offer of 50.00')
  const msisdns = Array.from({ length: count }, (_, i) => benchMsisdn(from + i))
  const rows = await db
    .of(brand.key)
    .query<{ id: string }>('select id from {{brand}}.line where msisdn = any($1::text[])', [msisdns])
  const caller = world.agents[0]?.caller ?? ''
  const awaited: Told[] = []
  for (let i = 0; i < rows.length; i += CHUNK) {
    await db.of(brand.key).tx(async (tx) => {
      for (const { id: line } of rows.slice(i, i + CHUNK)) {
        const [id, attempt] = [newId(nowMs), newId(nowMs)]
        const order: TopUp = {
          ...{ ...justPlaced, id, caller, key: id, hash: 'aa'.repeat(32), line, epoch: 1, terms: offer },
          ...{ offer: offer.id, offerKind: offer.kind, priceMinor: offer.priceMinor },
          ...{ faceMinor: offer.faceMinor, bonusMinor: offer.bonusMinor, placedAtMs: nowMs },
          ...{ payByMs: nowMs + PAY_WITHIN_MS, untilBefore: null, locale: 'zh-CN', payerMsisdn: null },
          ...{ validityText: '', validityDays: null },
        }
        sendPlacedOrder(tx, order)
        await insertAttempt(tx, {
          ...{ id: attempt, order: id, provider: merchant.provider, merchant: merchant.id, scene: 'page' },
          ...{ caller, key: id, hash: 'aa', amountMinor: offer.priceMinor, currency: brand.currency },
          ...{ createdAtMs: nowMs, expiresAtMs: nowMs + PAY_WITHIN_MS, nextQueryAtMs: null, quote: null },
        })
        awaited.push({
          number: idToWire(attempt),
          amountMinor: offer.priceMinor,
          currency: brand.currency,
        })
      }
    })
  }
  return awaited
}
