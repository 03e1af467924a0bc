import { failureOf, readFound } from '../../../platform/outbound-answer.ts'
import { outbound } from '../../../platform/outbound-http.ts'
import type { Chain } from './chain.ts'
import { signatureFault } from './signature.ts'
import type { Fields } from './wire.ts'

const TIMEOUT_MS = 5_000
const FILE_TIMEOUT_MS = 60_000
const ANSWER_LIMIT_BYTES = 256 * 1024
/** A settlement file of a million rows, packed and in base64, is some 100 MB. */
const FILE_LIMIT_BYTES = 256 * 1024 * 1024

/** What UnionPay said over its signature; anything less is unknown. */
export type GatewayAnswer =
  | { readonly kind: 'answered'; readonly code: string; readonly fields: Fields; readonly raw: Buffer }
  | { readonly kind: 'unknown'; readonly reason: string }

export interface Asking {
  readonly chain: Chain
  readonly instant: () => number
  readonly merId: string
}

/** Posts a signed request and believes the answer only under UnionPay's signature and about our merchant. */
export async function ask(
  { chain, instant, merId }: Asking,
  address: string,
  fields: Fields,
  file = false,
): Promise<GatewayAnswer> {
  const name = `unionpay ${fields.txnType}`
  const unknown = (reason: string): GatewayAnswer => ({ kind: 'unknown', reason: `${name}: ${reason}` })
  let raw: Buffer
  try {
    raw = await outbound(name, () => post(address, fields, file))
  } catch (error) {
    return unknown(failureOf(error))
  }
  const answer = readPlain(raw.toString('utf8'))
  if (answer === null) return unknown('the answer cannot be read')
  const fault = signatureFault(answer, chain, instant())
  if (fault !== null) return unknown(`the answer is not believed: ${fault}`)
  if (answer.merId !== merId) return unknown('the answer is for another merchant')
  const { signature: _, signPubKeyCert: _certificate, ...said } = answer
  return { kind: 'answered', code: answer.respCode ?? '', fields: said, raw }
}

async function post(address: string, fields: Fields, file: boolean): Promise<Buffer> {
  const response = await fetch(address, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'error',
    signal: AbortSignal.timeout(file ? FILE_TIMEOUT_MS : TIMEOUT_MS),
  })
  return await readFound(response, file ? FILE_LIMIT_BYTES : ANSWER_LIMIT_BYTES)
}

/**
 * An answer is `k=v` joined by `&` and nothing escaped: a value may hold `=`, and within braces also `&`. Null when it is of
 * another form or says a thing twice.
 */
export function readPlain(text: string): Fields | null {
  const fields = new Map<string, string>()
  for (let from = 0; from < text.length; ) {
    const end = endOfPair(text, from)
    const [, name, value] = /^([A-Za-z0-9_]{1,64})=([\s\S]*)$/.exec(text.slice(from, end)) ?? []
    if (name === undefined || value === undefined || fields.has(name)) return null
    fields.set(name, value)
    from = end + 1
  }
  return Object.fromEntries(fields)
}

function endOfPair(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const letter = text[at]
    if (letter === '{') depth++
    else if (letter === '}') depth--
    else if (letter === '&' && depth <= 0) return at
  }
  return text.length
}
