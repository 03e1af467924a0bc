import { createHash, type KeyObject, X509Certificate } from 'node:crypto'
import type { WechatMerchant } from './merchant-keys.ts'
import { type FindKey, openResource, signatureFault } from './signature.ts'

/** An answer with nothing checked. */
export interface BareAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
}

/** Strangers can name serial numbers at will: more often than this nobody is asked for certificates. */
const PAUSE_MS = 60_000
/** WeChat Pay asks to look for new ones twice a day: a certificate it offers no more is not trusted for longer. */
const KEPT_MS = 12 * 3_600_000

interface Fetched {
  atMs: number
  keys: Promise<ReadonlyMap<string, KeyObject>>
}

/** Outlives an adapter, which is opened anew when its merchant changes. One entry a merchant. */
const fetchedBy = new Map<string, Fetched>()

/**
 * Finds keys by serial number: those that were entered, then the certificates WeChat Pay offers at present, so that its
 * rotation needs nobody. Public keys (`PUB_KEY_ID_...`) cannot be fetched. Source: WeChat Pay, platform certificates.
 */
export function platformKeyFinder(
  merchant: WechatMerchant,
  instant: () => number,
  fetchCertificates: () => Promise<BareAnswer>,
): FindKey {
  const { mchId, gateway, apiV3Key, platformKeys } = merchant
  const name = `${gateway} ${mchId} ${createHash('sha256').update(apiV3Key).digest('hex')}`
  return async (serial) => {
    const entered = platformKeys.get(serial)
    if (entered || !/^[0-9A-F]{16,40}$/.test(serial)) return entered
    const known = fetchedBy.get(name)
    const found = (await known?.keys)?.get(serial)
    if (known && instant() - known.atMs < (found ? KEPT_MS : PAUSE_MS)) return found
    // Somebody else may have asked while this waited.
    const meanwhile = fetchedBy.get(name)
    if (meanwhile !== known) return (await meanwhile?.keys)?.get(serial)
    const keys = fetchCertificates()
      .then((answer) => readCertificates(merchant, answer, instant()))
      // What cannot be had now takes nothing away of what was had before.
      .catch(async () => (await known?.keys) ?? new Map<string, KeyObject>())
    fetchedBy.set(name, { atMs: instant(), keys })
    return (await keys).get(serial)
  }
}

/** Only what was sealed under our API v3 key, in an answer signed by a key among what it brings or what was entered; else throws. */
async function readCertificates(
  merchant: WechatMerchant,
  { status, headers, body }: BareAnswer,
  nowMs: number,
): Promise<ReadonlyMap<string, KeyObject>> {
  if (status !== 200) throw new Error(`certificates: HTTP ${status}`)
  const { data } = JSON.parse(body.toString('utf8')) as { data: readonly Record<string, unknown>[] }
  const keys = new Map<string, KeyObject>()
  for (const item of data) {
    const pem = openResource(item.encrypt_certificate, merchant.apiV3Key)
    if (pem === null) continue
    const certificate = new X509Certificate(pem)
    const valid = certificate.validFromDate.valueOf() <= nowMs && nowMs < certificate.validToDate.valueOf()
    if (valid && certificate.serialNumber === item.serial_no)
      keys.set(certificate.serialNumber, certificate.publicKey)
  }
  const among: FindKey = async (serial) => keys.get(serial) ?? merchant.platformKeys.get(serial)
  const fault = await signatureFault(headers, body, among, nowMs)
  if (fault !== undefined) throw new Error(`certificates: ${fault}`)
  return keys
}
