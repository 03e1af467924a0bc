import { loadBrands, requestBrand } from '../../server/brand/index.ts'
import {
  createIdentity,
  type GuestClaim,
  type Identity,
  type IdentityDeps,
} from '../../server/identity/index.ts'
import { createMessaging } from '../../server/messaging/index.ts'
import type { Db } from '../../server/platform/db.ts'
import { createHttp, type Http } from '../../server/platform/http.ts'
import { demandDeclared } from '../../server/platform/operation.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import { lastCode, type Visitor, visitor } from './visitor.ts'

/** Brand, messaging and identity over HTTP; every brand answers at `{key}.test`. */
export interface IdentityHouse extends TestDatabase {
  readonly http: Http
  readonly identity: Identity
  /** The ownership epochs that the line room would tell: by number, none unless a test says so. */
  readonly epochs: Map<string, number>
  /** What the line room was told to bind: account and number. */
  readonly bound: { readonly logIn: string; readonly msisdn: string }[]
  /** What guests had that was made an account's. */
  readonly claimed: GuestClaim[]
  /** Accounts with orders that are not settled. */
  readonly withOpenOrders: Set<string>
  /** Accounts that other rooms were told to let go. */
  readonly letGo: string[]
  visit(brand?: string, remoteAddress?: string): Visitor
  /** Has a code sent and reads it off the handset or mailbox. */
  codeFor(visit: Visitor, purpose: string, to: string, brand?: string): Promise<string>
  /** A visitor with an account and an `sms` session of this moment. */
  registered(number: string, password?: string): Promise<Visitor>
}

export const TERMS = '2026-11'
export const EASY_CAPTCHA = { cost: 1, leastCounter: 2, mostCounter: 5 } as const

export async function identityHouse(
  overrides: Partial<IdentityDeps> = {},
  routes: (http: Http) => void = () => {},
): Promise<IdentityHouse> {
  const database = await testDatabase()
  const { db, owner, clock, log } = database
  await owner.query(
    `insert into platform.brand_host (host, brand) select key || '.test', key from platform.brand`,
  )
  const brands = await loadBrands(db)
  const masterKey = Buffer.alloc(32, 9)
  const epochs = new Map<string, number>()
  const bound: { logIn: string; msisdn: string }[] = []
  const [claimed, letGo]: [GuestClaim[], string[]] = [[], []]
  const withOpenOrders = new Set<string>()
  const messaging = createMessaging({
    ...{ db, clock, log, brands, masterKey },
    channels: () => ({ sms: null, email: null }),
  })
  const identity = createIdentity({
    db,
    clock,
    log,
    masterKey,
    messaging,
    lineEpoch: async (_, msisdn) => epochs.get(msisdn) ?? null,
    bindOwnLine: async (_, logIn, msisdn) => {
      bound.push({ logIn, msisdn })
    },
    claimGuest: async (_, claim) => void claimed.push(claim),
    hasOpenOrders: async (_, logIn) => withOpenOrders.has(logIn),
    letGo: async (_, logIn) => void letGo.push(logIn),
    termsVersion: TERMS,
    captchaWork: EASY_CAPTCHA,
    ...overrides,
  })
  const http = await createHttp({ clock, log, secureOrigin: false, trustedProxies: 0, formTargets: [] })
  demandDeclared(http)
  await http.register(requestBrand({ brands, portBrands: new Map() }))
  await http.register(identity.authHook)
  await http.register(identity.routes)
  routes(http)
  const visit = (brand = 'laika', remoteAddress?: string) => visitor(http, `${brand}.test`, remoteAddress)

  const codeFor: IdentityHouse['codeFor'] = (someone, purpose, to, brand = 'laika') =>
    sendCode({ db, masterKey }, someone, purpose, to, brand)

  return {
    ...database,
    brands,
    http,
    identity,
    epochs,
    ...{ bound, claimed, withOpenOrders, letGo },
    visit,
    codeFor,
    async registered(number, password) {
      const someone = visit()
      await register(someone, number, await codeFor(someone, 'register', number), password)
      return someone
    },
  }
}

/** Has a code sent and reads it where it waits to be sent. */
async function sendCode(
  { db, masterKey }: { readonly db: Db; readonly masterKey: Buffer },
  visit: Visitor,
  purpose: string,
  to: string,
  brand: string,
): Promise<string> {
  const captcha = await visit.captcha()
  const sent = await visit.send('POST', '/v1/codes', { purpose, to, captcha, locale: 'zh-CN' })
  if (sent.status !== 202) throw new Error(`no code was sent: ${JSON.stringify(sent.body)}`)
  const digits = to.replace(/\D/g, '')
  const phone = brand === 'laika' ? `86${digits}` : `44${digits.slice(1)}`
  return await lastCode(db, masterKey, brand, to.includes('@') ? to.toLowerCase() : phone)
}

async function register(visit: Visitor, number: string, code: string, password?: string): Promise<void> {
  const answer = await visit.send('POST', '/v1/registrations', {
    number,
    code,
    acceptedTerms: true,
    termsVersion: TERMS,
    locale: 'zh-CN',
    ...(password === undefined ? {} : { password }),
  })
  if (answer.status !== 201) throw new Error(`not registered: ${JSON.stringify(answer.body)}`)
}
