import { idToWire } from '../../contract/id.ts'
import { wire } from '../../contract/money.ts'
import { createApiKey, type Principal } from '../identity/index.ts'
import { assert } from '../platform/error.ts'
import { dayAt } from '../policy/index.ts'
import { agentCommand } from '../topup/index.ts'
import { type Bought, offerFor } from './habits.ts'
import type { PlannedDealer } from './part.ts'
import type { Past } from './past.ts'

export interface Sale {
  readonly msisdn: string
  readonly bought: Bought
}

/** A dealer who sells from a float over the API, as its till would. */
export interface Selling {
  /** Hands these sales in at an instant; the float is loaded before it would run out. */
  sell(sales: readonly Sale[], atMs: number): Promise<void>
  /** How many were sold. */
  sold(): number
}

/** Fewer than the settling would share among two lanes, as two batches of one transaction must not be decided at once. */
const AT_ONCE = 24
/** So many times its largest sale a dealer keeps in its float. */
const LOADS = { CNY: 5_000_00n, GBP: 1_000_00n }

export async function createSelling(past: Past, dealer: PlannedDealer): Promise<Selling> {
  const { tx, brand, clock, dealers, topUps, catalog } = past
  const { id } = await dealers.createDealer(tx, dealer)
  const { id: key } = await createApiKey(tx, past, {
    ...{ name: `till of ${dealer.name}`, scopes: ['topup:write'], dealer: id, actor: 'demo' },
  })
  const till: Principal = {
    ...{ kind: 'api-key', id: key, assurance: null, scopes: ['topup:write'] },
    ...{ dealer: id, payer: null, session: null },
  }
  const load = LOADS[brand.currency as keyof typeof LOADS]
  let floatMinor = 0n
  let sold = 0

  async function sellAtOnce(sales: readonly Sale[]): Promise<void> {
    const table = await catalog.priceTable(brand.key, dayAt(clock.business(brand.key), brand.zone))
    const wanted = sales.map((sale) => ({ ...sale, ...offerFor(table, sale.bought) }))
    const neededMinor = wanted.reduce((sum, { priceMinor }) => sum + priceMinor, 0n)
    while (floatMinor < neededMinor) {
      await dealers.loadFloat(tx, { dealer: id, amountMinor: load, from: 'bank' })
      floatMinor += load
    }
    const outcomes = await Promise.all(
      wanted.map(({ msisdn, offer, amountMinor }) => {
        sold++
        const reference = `T${sold.toString().padStart(6, '0')}`
        const what =
          amountMinor === null ? { offerId: idToWire(offer) } : { amount: wire(amountMinor, brand.currency) }
        const body = { msisdn, ...what, reference }
        return topUps.settlerOf(brand.key).settle(agentCommand(clock, till, `till-${reference}`, body))
      }),
    )
    for (const outcome of outcomes) {
      const refusal = outcome.outcome === 'refused' ? outcome.entry.code : outcome.outcome
      assert(outcome.outcome === 'credited', `a sale of the past is credited, not ${refusal}`)
      floatMinor = outcome.floatAfterMinor < floatMinor ? outcome.floatAfterMinor : floatMinor
    }
    await topUps.handOverMessages(brand.key, past.endsAtMs)
  }

  return {
    async sell(sales, atMs) {
      for (let from = 0; from < sales.length; from += AT_ONCE) {
        clock.goTo(atMs + from * 1000)
        await sellAtOnce(sales.slice(from, from + AT_ONCE))
      }
    },
    sold: () => sold,
  }
}
