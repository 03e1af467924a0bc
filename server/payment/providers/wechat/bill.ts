import { createHash } from 'node:crypto'
import type { BillOutcome } from '../../port.ts'
import type { Rail } from './rail.ts'
import { unknownAnswer } from './refusal.ts'

/**
 * The trade bill of a day in GMT+8: UTF-8 CSV in yuan, a backtick before each value. A day on which nobody paid has no file:
 * no bytes. Source: WeChat Pay, API v3, `/v3/bill/tradebill`; made by ten the next morning.
 */
export async function fetchBill({ client }: Rail, day: string): Promise<BillOutcome> {
  const answer = await client.get('tradebill', `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL`)
  if (answer.kind === 'unknown') return answer
  if (answer.code === 'STATEMENT_CREATING') return { kind: 'not-ready' }
  if (answer.code === 'NO_STATEMENT_EXIST') return { kind: 'bill', bytes: Buffer.alloc(0) }
  const { hash_type: hashType, hash_value: hash, download_url: url } = answer.fields
  const address = typeof url === 'string' ? URL.parse(url) : null
  if (answer.status !== 200 || hashType !== 'SHA1' || !address) return unknownAnswer(answer)
  // Only the path is taken: the merchant's gateway is the one host that is ever called.
  const bytes = await client.download(`${address.pathname}${address.search}`)
  if (!Buffer.isBuffer(bytes)) return bytes
  const sha1 = createHash('sha1').update(bytes).digest('hex')
  return sha1 === hash
    ? { kind: 'bill', bytes }
    : { kind: 'unknown', reason: 'the bill is not what its hash says' }
}
