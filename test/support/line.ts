import type { Identity } from '../../server/identity/index.ts'
import { type AllowanceGrant, openSystemAccounts, sendLots } from '../../server/ledger/index.ts'
import {
  bindProved,
  createLines,
  type Lines,
  type LinesDeps,
  lineEpoch,
  openLines,
} from '../../server/line/index.ts'
import type { Tx } from '../../server/platform/db.ts'
import { dayAt, type PolicyState, presetOf, validUntil } from '../../server/policy/index.ts'
import { type IdentityHouse, identityHouse } from './identity.ts'

export const DAY_MS = 86_400_000

/** Brand, messaging, identity and lines over HTTP, with the brands' system accounts open. */
export interface LineHouse extends Omit<IdentityHouse, 'epochs'> {
  readonly lines: Lines
  today(brand?: string): number
  /** Opens one line and answers its id. Its policy is the brand's, unless another preset is named. */
  open(line: OpenInput): Promise<string>
  /** An API key's header. */
  key(scopes: readonly string[], brand?: string, dealer?: string): Promise<{ authorization: string }>
  grant(lots: readonly AllowanceGrant[], brand?: string): Promise<void>
}

export interface OpenInput {
  readonly msisdn: string
  readonly brand?: string
  /** The service clock ends so many days from today; default 90. */
  readonly days?: number
  readonly state?: PolicyState
  readonly policy?: string
  readonly paidMinor?: bigint
  readonly bonusMinor?: bigint
}

/** In service, with the service clock alone running. */
export function inService(until: number): PolicyState {
  return { standing: 'in-service', ceasedOn: null, service: validUntil(until), credit: null, number: null }
}

export async function lineHouse(overrides: Partial<LinesDeps> = {}): Promise<LineHouse> {
  const house = await identityHouse({ lineEpoch, bindOwnLine }, (http) => {
    // The routes join when the server is made ready, by which time the room below stands.
    http.register(async (scope) => scope.register(lines.routes))
  })
  const { db, clock, log, brands, identity } = house
  async function bindOwnLine(tx: Tx, logIn: string, msisdn: string): Promise<void> {
    await bindProved(tx, { logIn, msisdn, atMs: clock.instant() })
  }
  const lines = createLines({ db, clock, log, brands, policyOf: presetOf, identity, ...overrides })
  for (const { key, currency } of brands.all)
    await db.of(key).tx((tx) => openSystemAccounts(tx, clock, currency))
  const today = (brand = 'laika') => dayAt(clock.business(brand), brands.get(brand).zone)
  return {
    ...house,
    lines,
    today,
    async open({ msisdn, brand: key = 'laika', days = 90, policy, ...line }) {
      const brand = brands.get(key)
      const preset = presetOf(policy ?? brand.policy.preset, 1)
      const opened = {
        msisdn,
        iccid: null,
        state: line.state ?? inService(today(key) + days),
        paidMinor: line.paidMinor ?? 0n,
        bonusMinor: line.bonusMinor ?? 0n,
      }
      const [id] = await db
        .of(key)
        .tx((tx) => openLines(tx, { clock, brand, policy: preset, today: today(key) }, [opened]))
      return id as string
    },
    key: (scopes, brand = 'laika', dealer) => bearerOf(identity, house, scopes, brand, dealer),
    grant: (lots, brand = 'laika') => db.of(brand).tx(async (tx) => sendLots(tx, lots)),
  }
}

async function bearerOf(
  identity: Identity,
  { db }: Pick<IdentityHouse, 'db'>,
  scopes: readonly string[],
  brand: string,
  dealer?: string,
): Promise<{ authorization: string }> {
  const request = { name: 'test', scopes, dealer: dealer ?? null, actor: 'operator alice' }
  const { text } = await db.of(brand).tx((tx) => identity.createApiKey(tx, request))
  return { authorization: `Bearer ${text}` }
}
