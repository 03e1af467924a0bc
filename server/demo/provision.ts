import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { House } from '../house.ts'
import { insertAccounts } from '../ledger/index.ts'
import type { Config } from '../platform/config.ts'
import { newId } from '../platform/id.ts'
import { writeGuide } from './guide.ts'
import {
  alipayPublicKeys,
  type SandboxPartner,
  type SandboxPorts,
  sandboxPartners,
  startSandboxProcess,
  USUAL_PORTS,
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
    numberPrefixes: brand.key === 'harbour' ? ['447700900'] : ['86154'],
    ussdKey: ussdKeys[brand.key] as string,
  }))
  writeMerchants(sandboxDir, sandboxBrands, partners)
  const baseUrls = Object.fromEntries(sandboxBrands.map(({ key, baseUrl }) => [key, baseUrl]))
  writeGuide(sandboxDir, brands.all, baseUrls)
  const sandbox = await startSandboxProcess(sandboxDir, ports)
  const providerKeys = alipayPublicKeys(sandboxDir)
  for (const partner of partners) {
    const providerKey = providerKeys[partner.appId]
    if (!providerKey) throw new Error(`the sandbox made no key for app ${partner.appId}`)
    await addMerchant(house, partner, `http://127.0.0.1:${ports.alipay}/gateway.do`, providerKey)
  }
  return () => sandbox.stop()
}

/** A brand's rail: the merchant with its keys, and the account that holds what the provider owes. */
export async function addMerchant(
  house: House,
  partner: SandboxPartner,
  gateway: string,
  providerKey: string,
): Promise<void> {
  const { currency } = house.brands.get(partner.brand)
  await house.db.of(partner.brand).tx(async (tx) => {
    await house.payments.addMerchant(tx, {
      ...{
        provider: 'alipay',
        id: partner.appId,
        seller: partner.sellerId,
        currency,
        enabled: true,
        gateway,
      },
      privateKey: partner.merchantPrivateKey,
      providerKeys: [providerKey],
    })
    const atMs = house.clock.instant()
    const subject = `alipay:${partner.appId}`
    await insertAccounts(tx, [{ id: newId(atMs), kind: 'provider-clearing', subject, currency }], atMs)
  })
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
