import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db.ts'
import type { Merchants } from './merchant.ts'
import { offeredMerchant } from './merchant-store.ts'
import type { ProviderName } from './port.ts'

/** Whose browser is sent off to be known to a rail, and for which order. */
export interface Asker {
  readonly session: string
  readonly order: string
}

/**
 * How a page inside a rail's own app learns who pays: the browser goes to the rail and comes back with a one-time code and the
 * state it was sent off with. A code without this session's state is somebody else's, slipped in by a link.
 */
export interface Authorisations {
  /** Where to send the browser; null where the brand's merchant of this rail cannot be asked. */
  address(
    brand: string,
    rail: { readonly provider: ProviderName; readonly currency: string },
    asker: Asker,
    returnUrl: string,
  ): Promise<string | null>
  isOwn(asker: Asker, state: string): boolean
}

const LIFE_MS = 10 * 60_000
/** A rail takes letters and digits back, WeChat at most 128 of them. */
const STATE = /^([0-9a-z]{8,10})x([0-9a-f]{64})$/

export function createAuthorisations({
  db,
  clock,
  masterKey,
  merchants,
}: {
  readonly db: Db
  readonly clock: Clock
  readonly masterKey: Buffer
  readonly merchants: Merchants
}): Authorisations {
  const key = Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), 'baohao/payment/authorisation', 32))
  const proof = ({ session, order }: Asker, until: string) =>
    createHmac('sha256', key).update(`${session} ${order} ${until}`).digest()
  return {
    async address(brand, { provider, currency }, asker, returnUrl) {
      const merchant = await offeredMerchant(db.of(brand), provider, currency)
      if (merchant === undefined) return null
      const adapter = await merchants.provider(brand, provider, merchant.id)
      if (!adapter?.authorise) return null
      const until = (clock.instant() + LIFE_MS).toString(36)
      return adapter.authorise(returnUrl, `${until}x${proof(asker, until).toString('hex')}`)
    },
    isOwn(asker, state) {
      const [, until, shown] = STATE.exec(state) ?? []
      if (until === undefined || shown === undefined) return false
      if (Number.parseInt(until, 36) <= clock.instant()) return false
      return timingSafeEqual(Buffer.from(shown, 'hex'), proof(asker, until))
    },
  }
}
