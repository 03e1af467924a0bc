import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { brandPresets, readBrand } from '../../server/brand/index.ts'
import { addMerchants } from '../../server/demo/provision.ts'
import { railAccounts } from '../../server/demo/rails.ts'
import { type SandboxPartner, sandboxPartners } from '../../server/demo/sandbox.ts'
import { seedDemo } from '../../server/demo/seed.ts'
import { everyCheck, fsck } from '../../server/fsck.ts'
import { buildHouse, type House } from '../../server/house.ts'
import { channelsFromEnv } from '../../server/messaging/index.ts'
import { createClock } from '../../server/platform/clock.ts'
import { type Listening, listen } from '../../server/platform/http.ts'
import { createLog, type Log } from '../../server/platform/log.ts'
import { presetOf } from '../../server/policy/index.ts'
import { type TestDatabase, testDatabase } from './database.ts'

export type BrandKey = 'laika' | 'harbour'

/** The whole house at work over a database of this file's own, with the sandbox as the world around it. */
export interface WholeHouse {
  readonly house: House
  readonly database: TestDatabase
  readonly sandbox: Sandbox
  /** Where the sandbox keeps its books. */
  readonly sandboxDirectory: string
  readonly masterKey: Buffer
  /** Where each brand answers. */
  readonly origins: Readonly<Record<BrandKey, string>>
  readonly partners: Readonly<Record<BrandKey, SandboxPartner>>
  /** The sandbox's control API; throws on a refusal. */
  control<T>(method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown): Promise<T>
  /** What arrived on a handset, newest first. */
  sms(msisdn: string): Promise<{ readonly text: string }[]>
  /** Fails the test when an invariant of any brand does not hold. */
  proved(): Promise<void>
  stop(): Promise<void>
}

const KEYS = ['laika', 'harbour'] as const

async function openHouse(
  appUrl: string,
  masterKey: Buffer,
  sandbox: Sandbox,
  partners: readonly SandboxPartner[],
  { log, now }: { readonly log: Log; readonly now?: (() => number) | undefined },
): Promise<{ readonly house: House; readonly listening: Listening }> {
  const portBrands = new Map<number, string>()
  const origins = new Map<string, string>()
  const { smpp, smtp } = sandbox.addresses
  const house = await buildHouse({
    databaseUrl: appUrl,
    clock: createClock(now),
    log,
    masterKey,
    demo: true,
    strict: true,
    secureOrigin: false,
    trustedProxies: 0,
    channels: (brand) => {
      const password = partners.find((partner) => partner.brand === brand)?.smppPassword
      const name = brand.toUpperCase()
      return channelsFromEnv(
        {
          [`BAOHAO_SMS_${name}`]: `smpp://${brand}:${password}@${smpp.host}:${smpp.port}`,
          [`BAOHAO_MAIL_${name}`]: `smtp://${smtp.host}:${smtp.port}`,
        },
        brand,
      )
    },
    originOf: (brand) => origins.get(brand) ?? '',
    portBrands,
    formTargets: [sandbox.addresses.gateway, sandbox.addresses.unionpay, sandbox.addresses.home].map(
      (address) => new URL(address).origin,
    ),
  })
  const listening = await listen(await house.http(), '127.0.0.1', [0, 0])
  for (const [i, key] of KEYS.entries()) {
    const address = listening.addresses[i] as string
    portBrands.set(Number.parseInt(new URL(address).port, 10), key)
    origins.set(key, address)
  }
  return { house, listening }
}

/**
 * Builds, seeds and starts everything; `work: false` leaves the loops to the test, `log` is one that it reads, `now` the time that
 * house and sandbox both go by.
 */
export async function wholeHouse(
  options: { readonly work?: boolean; readonly log?: Log; readonly now?: () => number } = {},
): Promise<WholeHouse> {
  const database = await testDatabase()
  const directory = mkdtempSync(join(tmpdir(), 'baohao-world-'))
  const partners = sandboxPartners(directory, KEYS)
  const sandbox = await startSandbox({
    dataDir: join(directory, 'sandbox'),
    ports: { home: 0 },
    ...(options.now ? { now: options.now } : {}),
    merchants: {
      operators: partners.map(({ brand, smppPassword }) => ({
        ...{ brand, name: brand, baseUrl: 'http://127.0.0.1', ussdKey: 'set later' },
        numberPrefixes: brand === 'harbour' ? ['447700900'] : ['86154'],
        smpp: { systemId: brand, password: smppPassword },
      })),
      ...railAccounts(
        brandPresets.map(({ key, facts }) => {
          const { currency } = readBrand(key, facts)
          return { key, name: key, baseUrl: 'http://127.0.0.1:1', currency }
        }),
        (brand) => partners.find((partner) => partner.brand === brand) as SandboxPartner,
      ),
    },
  })
  const masterKey = randomBytes(32)
  const log = options.log ?? createLog(process.env.TEST_LOG ?? 'silent')
  const { house, listening } = await openHouse(database.appUrl, masterKey, sandbox, partners, {
    log,
    now: options.now,
  })
  await seedDemo(house)
  const railKeys = {
    ...{ alipay: sandbox.alipayPublicKey, unionpay: sandbox.unionPayCertificates() },
    bank: sandbox.bankPublicKey,
  }
  for (const partner of partners) await addMerchants(house, partner, sandbox.addresses, railKeys)
  const control: WholeHouse['control'] = (method, path, body) => callControl(sandbox, method, path, body)
  const origins = { laika: listening.addresses[0] as string, harbour: listening.addresses[1] as string }
  for (const key of KEYS) await shareUssdKey(house, control, key, origins[key], partners)
  if (options.work !== false) house.startWork()
  return {
    ...{ house, database, sandbox, masterKey, origins, control },
    sandboxDirectory: join(directory, 'sandbox'),
    partners: { laika: partners[0] as SandboxPartner, harbour: partners[1] as SandboxPartner },
    async sms(msisdn) {
      const answer = await fetch(`${sandbox.addresses.home}/api/handset/${msisdn}/messages`)
      const body = (await answer.json()) as { messages?: { text: string }[] } | { text: string }[]
      return Array.isArray(body) ? body : (body.messages ?? [])
    },
    proved: () => proved(house),
    async stop() {
      await listening.close()
      await house.close()
      await sandbox.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Every invariant of both brands. */
export async function proved(house: House): Promise<void> {
  const { db, clock, brands } = house
  const violations = await fsck(db, KEYS, everyCheck({ clock, brands, policyOf: presetOf }))
  expect(violations).toEqual([])
}

async function shareUssdKey(
  house: House,
  control: WholeHouse['control'],
  brand: BrandKey,
  baseUrl: string,
  partners: readonly SandboxPartner[],
): Promise<void> {
  const { text } = await house.db
    .of(brand)
    .tx((tx) =>
      house.identity.createApiKey(tx, { name: 'ussd', scopes: ['ussd:answer'], dealer: null, actor: 'test' }),
    )
  const password = partners.find((partner) => partner.brand === brand)?.smppPassword
  await control('PUT', `/control/operators/${brand}`, {
    ...{ brand, name: brand, baseUrl, ussdKey: text, smpp: { systemId: brand, password } },
    numberPrefixes: brand === 'harbour' ? ['447700900'] : ['86154'],
  })
}

async function callControl<T>(sandbox: Sandbox, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(sandbox.addresses.home + path, {
    method,
    headers: { authorization: `Bearer ${sandbox.controlToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}
