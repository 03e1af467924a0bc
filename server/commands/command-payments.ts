import { createSwitches } from '../brand/index.ts'
import { createCatalog } from '../catalog/index.ts'
import { createPayments, type Payments } from '../payment/index.ts'
import type { Config } from '../platform/config.ts'
import { createLog } from '../platform/log.ts'
import { presetOf } from '../policy/index.ts'
import { createSettler, type Settler } from '../topup/index.ts'
import type { BrandRoom } from './command-database.ts'

/** The payment room for a command, which begins no payment: nobody comes back to it. */
export function paymentsOf(config: Config, { db, brands, clock }: Omit<BrandRoom, 'brand'>): Payments {
  const { masterKey, logLevel } = config
  const switches = createSwitches({ db, clock })
  return createPayments({
    db,
    brands,
    switches,
    clock,
    masterKey,
    log: createLog(logLevel),
    originOf: () => '',
  })
}

/** What settles for a command, of one brand. */
export function settlerOf(config: Config, room: BrandRoom, payments: Payments): Settler {
  const { db, clock, brands, brand } = room
  const catalog = createCatalog({ db, clock, brands, switches: createSwitches({ db, clock }) })
  const log = createLog(config.logLevel)
  return createSettler({ db, clock, log, catalog, payments, policyOf: presetOf }, brand)
}
