import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { House } from '../house.ts'
import { openMerchantAccounts } from '../ledger/index.ts'
import type { Config } from '../platform/config.ts'
import { writeGuide } from './guide.ts'
import { type RailAddresses, type RailKeys, railMerchants } from './rails.ts'
import {
  alipayPublicKeys,
  bankPublicKey,
  type SandboxPartner,
  type SandboxPorts,
  sandboxPartners,
  startSandboxProcess,
  USUAL_PORTS,
  unionPayCertificates,
  writeMerchants,
} from './sandbox.ts'

/** Starts the sandbox beside the house and makes each brand a merchant of it. Answers how to end it. */
export async function provisionDemo(
  config: Pick<Config, 'dataDir' | 'port'>,
  house: House,
  ports: SandboxPorts = USUAL_PORTS,
): Promise<() => Promise<void>> {
  const { brands } = house
  const partners = sandboxPartners(
    config.dataDir,
    brands.all.map((brand) => brand.key),
  )
  const sandboxDir = join(config.dataDir, 'sandbox')
  const ussdKeys = await ussdKeysOf(config.dataDir, house)
  const sandboxBrands = brands.all.map((brand, i) => ({
    key: brand.key,
    name: brand.name[brand.locale],
    baseUrl: `http://127.0.0.1:${config.port + i}`,
    currency: brand.currency,
    numberPrefixes: brand.key === 'harbour' ? ['447700900'] : ['86154'],
    ussdKey: ussdKeys[brand.key] as string,
  }))
  writeMerchants(sandboxDir, sandboxBrands, partners)
  const baseUrls = Object.fromEntries(sandboxBrands.map(({ key, baseUrl }) => [key, baseUrl]))
  writeGuide(sandboxDir, brands.all, baseUrls)
  const sandbox = await startSandboxProcess(sandboxDir, ports)
  const alipayKeys = alipayPublicKeys(sandboxDir)
  const keys: RailKeys = {
    alipay(appId) {
      const key = alipayKeys[appId]
      if (!key) throw new Error(`the sandbox made no key for app ${appId}`)
      return key
    },
    unionpay: unionPayCertificates(sandboxDir),
    bank: bankPublicKey(sandboxDir),
  }
  for (const partner of partners) await addMerchants(house, partner, addressesAt(ports), keys)
  return () => sandbox.stop()
}

function addressesAt({ alipay, wechat, unionpay, card }: SandboxPorts): RailAddresses {
  const origin = (port: number) => `http://127.0.0.1:${port}`
  return {
    gateway: `${origin(alipay)}/gateway.do`,
    wechat: origin(wechat),
    unionpay: `${origin(unionpay)}/gateway/api`,
    card: origin(card),
  }
}

/** A brand's rails: each merchant with its keys, and the account that holds what the provider owes. */
export async function addMerchants(
  house: Pick<House, 'brands' | 'db' | 'payments' | 'clock'>,
  partner: SandboxPartner,
  at: RailAddresses,
  keys: RailKeys,
): Promise<void> {
  const { currency } = house.brands.get(partner.brand)
  for (const merchant of railMerchants(partner, currency, at, keys)) {
    // One by one: a cashier shows rails in the order in which they came.
    await house.db.of(partner.brand).tx(async (tx) => {
      await house.payments.addMerchant(tx, merchant)
      const { provider, id } = merchant
      await openMerchantAccounts(tx, house.clock, { provider, merchant: id, currency: merchant.currency })
    })
  }
}

/** One API key a brand for the network's USSD gateway, shown to the sandbox alone; made once. */
async function ussdKeysOf(dataDir: string, house: House): Promise<Record<string, string>> {
  const file = join(dataDir, 'ussd-keys.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  const keys: Record<string, string> = {}
  for (const { key } of house.brands.all) {
    const made = await house.db.of(key).tx((tx) =>
      house.identity.createApiKey(tx, {
        name: 'USSD gateway',
        scopes: ['ussd:answer'],
        dealer: null,
        actor: 'demo',
      }),
    )
    keys[key] = made.text
  }
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 })
  return keys
}
