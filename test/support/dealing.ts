import { randomBytes } from 'node:crypto'
import { createSwitches } from '../../server/brand/index.ts'
import { createCatalog, priceTablePresets } from '../../server/catalog/index.ts'
import { createDealers } from '../../server/dealer/index.ts'
import type { Identity } from '../../server/identity/index.ts'
import { furnishBrand } from '../../server/new-brand.ts'
import { createPayments } from '../../server/payment/index.ts'
import { newId } from '../../server/platform/id.ts'
import { dayAt, presetOf } from '../../server/policy/index.ts'
import { openDealerSeries } from '../../server/receipt/index.ts'
import { createSettler, type Outcome } from '../../server/topup/index.ts'
import type { TestDatabase } from './database.ts'

/** What a dealer's customer asks for: an amount, or the package of this length in months. */
export type Wish = { readonly amountMinor: bigint } | { readonly months: number }

/** A dealer with a full float who sells top-ups of one brand. */
export interface Dealing {
  sell(msisdn: string, wish: Wish): Promise<Outcome>
}

export async function dealing(
  house: Pick<TestDatabase, 'db' | 'clock' | 'log' | 'brands'> & { readonly identity: Identity },
  key: 'laika' | 'harbour' = 'laika',
): Promise<Dealing> {
  const { db, clock, log, brands, identity } = house
  const brand = brands.get(key)
  const catalog = createCatalog({ db, clock, brands, switches: createSwitches({ db, clock }) })
  await furnishBrand({ db, clock, catalog }, brand, priceTablePresets[key])
  const dealers = createDealers({ clock, brands, openDealerSeries })
  const { dealer, caller } = await db.of(key).tx(async (tx) => {
    const { id } = await dealers.createDealer(tx, { name: '顺达通讯', commissionBp: 200 })
    await dealers.loadFloat(tx, { dealer: id, amountMinor: 10n ** 10n, from: 'opening' })
    const request = { name: 'till', scopes: ['top-up:place'], dealer: id, actor: 'test' }
    return { dealer: id, caller: (await identity.createApiKey(tx, request)).id }
  })
  const payments = createPayments({
    ...{ db, brands, switches: createSwitches({ db, clock }), clock, log },
    masterKey: Buffer.alloc(32, 7),
    originOf: (name) => `http://${name}.test`,
  })
  const settler = createSettler({ db, clock, log, catalog, payments, policyOf: presetOf }, brand)

  return {
    async sell(msisdn, wish) {
      const table = await catalog.priceTable(key, dayAt(clock.business(key), brand.zone))
      const offer =
        'months' in wish ? table.packages.find((sold) => sold.validityMonths === wish.months) : undefined
      return await settler.settle({
        ...{ kind: 'agent-top-up', caller, dealer, msisdn, confirmDuplicate: true, reference: null },
        id: newId(clock.instant()),
        key: randomBytes(12).toString('hex'),
        hash: randomBytes(32).toString('hex'),
        offerId: offer?.id ?? null,
        amountMinor: 'months' in wish ? null : wish.amountMinor,
        currency: 'months' in wish ? null : brand.currency,
      })
    },
  }
}
