import { createPublicKey } from 'node:crypto'
import { type AlipayKnobs, quietAlipay, turnAlipayKnobs } from './alipay/knobs.ts'
import { type Book, openBook } from './book.ts'
import { asFields, BadRequest, type Fields, list, text, textLike, texts } from './fields.ts'
import { quietSmsc, type SmscKnobs, turnSmscKnobs } from './smsc/knobs.ts'

/** A merchant as Alipay knows it. */
export interface Merchant {
  appId: string
  /** The payee's Alipay account, 16 digits from 2088. */
  sellerId: string
  brand: string
  name: string
  /** RSA, base64 SPKI. */
  merchantPublicKey: string
}

/** An operator as its network's equipment knows it. */
export interface Operator {
  brand: string
  name: string
  baseUrl: string
  ussdKey: string
  /** Digits, country code first. */
  numberPrefixes: string[]
  /** At most 15 and 8 characters (SMPP 3.4, 4.1.1). */
  smpp: { systemId: string; password: string }
}

type Entry =
  | { kind: 'merchant'; merchant: Merchant }
  | { kind: 'operator'; operator: Operator }
  | { kind: 'alipay-knobs'; appId: string; knobs: AlipayKnobs }
  | { kind: 'smsc-knobs'; systemId: string; knobs: SmscKnobs }
  | { kind: 'retry-scale'; retryScale: number }

/** Who is known to the sandbox, and how their knobs stand. Survives a restart. */
export interface Registry {
  merchants(): Merchant[]
  merchant(appId: string): Merchant | undefined
  register(merchant: Merchant): Promise<void>
  operators(): Operator[]
  operatorOfNumber(msisdn: string): Operator | undefined
  operatorOfSystem(systemId: string): Operator | undefined
  registerOperator(operator: Operator): Promise<void>
  alipayKnobs(appId: string): AlipayKnobs
  turnAlipay(appId: string, change: Fields): Promise<AlipayKnobs>
  smscKnobs(systemId: string): SmscKnobs
  turnSmsc(systemId: string, change: Fields): Promise<SmscKnobs>
  /** Factor on Alipay's waits between notifications. */
  retryScale(): number
  setRetryScale(retryScale: number): Promise<void>
  close(): Promise<void>
}

export async function openRegistry(path: string): Promise<Registry> {
  const merchants = new Map<string, Merchant>()
  const operators = new Map<string, Operator>()
  const alipayKnobs = new Map<string, AlipayKnobs>()
  const smscKnobs = new Map<string, SmscKnobs>()
  let retryScale = 1

  const book: Book<Entry> = await openBook<Entry>(path, (entry) => {
    switch (entry.kind) {
      case 'merchant':
        merchants.set(entry.merchant.appId, entry.merchant)
        break
      case 'operator':
        operators.set(entry.operator.brand, entry.operator)
        break
      case 'alipay-knobs':
        alipayKnobs.set(entry.appId, entry.knobs)
        break
      case 'smsc-knobs':
        smscKnobs.set(entry.systemId, entry.knobs)
        break
      case 'retry-scale':
        retryScale = entry.retryScale
        break
    }
  })
  // Knobs that are newer than the book's line take their quiet value.
  const alipayKnobsOf = (appId: string) => ({ ...quietAlipay, ...alipayKnobs.get(appId) })
  const smscKnobsOf = (systemId: string) => ({ ...quietSmsc, ...smscKnobs.get(systemId) })

  return {
    merchants: () => [...merchants.values()],
    merchant: (appId) => merchants.get(appId),
    register: async (merchant) => {
      if (JSON.stringify(merchants.get(merchant.appId)) === JSON.stringify(merchant)) return
      await book.record({ kind: 'merchant', merchant })
    },
    operators: () => [...operators.values()],
    operatorOfNumber: (msisdn) => longestPrefix([...operators.values()], msisdn),
    operatorOfSystem: (systemId) =>
      [...operators.values()].find((operator) => operator.smpp.systemId === systemId),
    registerOperator: async (operator) => {
      if (JSON.stringify(operators.get(operator.brand)) === JSON.stringify(operator)) return
      await book.record({ kind: 'operator', operator })
    },
    alipayKnobs: alipayKnobsOf,
    turnAlipay: async (appId, change) => {
      const knobs = turnAlipayKnobs(alipayKnobsOf(appId), change)
      await book.record({ kind: 'alipay-knobs', appId, knobs })
      return knobs
    },
    smscKnobs: smscKnobsOf,
    turnSmsc: async (systemId, change) => {
      const knobs = turnSmscKnobs(smscKnobsOf(systemId), change)
      await book.record({ kind: 'smsc-knobs', systemId, knobs })
      return knobs
    },
    retryScale: () => retryScale,
    setRetryScale: (scale) => book.record({ kind: 'retry-scale', retryScale: scale }),
    close: () => book.close(),
  }
}

function longestPrefix(operators: Operator[], msisdn: string): Operator | undefined {
  const matches = operators.flatMap((operator) =>
    operator.numberPrefixes
      .filter((prefix) => msisdn.startsWith(prefix))
      .map((prefix) => ({ operator, length: prefix.length })),
  )
  return matches.sort((a, b) => b.length - a.length)[0]?.operator
}

/** Reads a merchant from the control API or `merchants.json`. */
export function readMerchant(value: unknown): Merchant {
  const fields = asFields(value, 'A merchant')
  return {
    appId: textLike(fields, 'appId', /^\d{16,20}$/, '16 to 20 digits'),
    sellerId: textLike(fields, 'sellerId', /^2088\d{12}$/, '16 digits from 2088'),
    brand: text(fields, 'brand'),
    name: text(fields, 'name'),
    merchantPublicKey: readPublicKey(text(fields, 'merchantPublicKey')),
  }
}

/** An RSA public key as base64 SPKI without line breaks. */
export function readPublicKey(key: string): string {
  const bare = key.replace(/-----(BEGIN|END) PUBLIC KEY-----/g, '').replace(/\s/g, '')
  try {
    const parsed = createPublicKey({ key: Buffer.from(bare, 'base64'), format: 'der', type: 'spki' })
    if (parsed.asymmetricKeyType === 'rsa') return bare
  } catch {
    // Answered below: whatever is wrong with it, it is not the key asked for.
  }
  throw new BadRequest('"merchantPublicKey" must be an RSA public key, PEM or base64 SPKI.')
}

/** Reads an operator from the control API or `merchants.json`. */
export function readOperator(value: unknown): Operator {
  const fields = asFields(value, 'An operator')
  const smpp = asFields(fields.smpp, '"smpp"')
  const numberPrefixes = texts(fields, 'numberPrefixes')
  if (!numberPrefixes.every((prefix) => /^[1-9]\d{0,14}$/.test(prefix))) {
    throw new BadRequest('"numberPrefixes" must be digits, country code first.')
  }
  return {
    brand: text(fields, 'brand'),
    name: text(fields, 'name'),
    baseUrl: textLike(fields, 'baseUrl', /^https?:\/\/[^/]+$/, 'an origin such as http://127.0.0.1:3000'),
    ussdKey: text(fields, 'ussdKey'),
    numberPrefixes,
    smpp: {
      systemId: textLike(smpp, 'systemId', /^[!-~]{1,15}$/, '1 to 15 printable characters'),
      password: textLike(smpp, 'password', /^[!-~]{1,8}$/, '1 to 8 printable characters'),
    },
  }
}

export interface Provision {
  alipay?: unknown[]
  unionpay?: unknown[]
  wechat?: unknown[]
  card?: unknown[]
  bank?: unknown[]
  operators?: unknown[]
}

/** Registers everything that `merchants.json`, or a test's options, name. */
export async function provision(registry: Registry, value: unknown): Promise<void> {
  const fields = asFields(value, 'The merchants file')
  for (const merchant of list(fields, 'alipay')) await registry.register(readMerchant(merchant))
  for (const operator of list(fields, 'operators')) await registry.registerOperator(readOperator(operator))
}
