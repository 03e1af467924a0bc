import { readStored, writeStored } from '../device/storage.ts'

/** The key of one request that moves money or makes an order, kept in this tab before the request leaves it. */
export interface KeptKey {
  readonly key: string
  /** The same request was sent before, and its answer may have been lost. */
  readonly reused: boolean
  /** The request was answered for good: the next one of its kind is another. */
  forget(): void
}

interface Kept {
  readonly key: string
  readonly body: string
}

function readKept(name: string): Kept | null {
  try {
    return JSON.parse(readStored('session', name) ?? 'null')
  } catch {
    return null
  }
}

/** Whether a request of this kind left this tab and was not answered for good. */
export function isKept(kind: string): boolean {
  return readKept(`key:${kind}`) !== null
}

/**
 * The same request in the same tab gets the same key, whatever happened in between: a lost answer, a reload, an impatient
 * second tap. Another request of that kind gets a new one, as the server refuses a key that comes with another body.
 */
export function keepKey(kind: string, request: unknown): KeptKey {
  const name = `key:${kind}`
  const body = JSON.stringify(request)
  const kept = readKept(name)
  const reused = kept?.body === body
  const key = reused ? kept.key : crypto.randomUUID()
  if (!reused) writeStored('session', name, JSON.stringify({ key, body }))
  return { key, reused, forget: () => writeStored('session', name, null) }
}
