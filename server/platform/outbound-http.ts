import { insideTransaction } from './db.ts'

/**
 * The only way out: every call over the network, ours or a vendor SDK's, runs through here, so that none is ever made
 * while a transaction holds locks. `call` must bring its own time-out.
 */
export async function outbound<T>(name: string, call: () => Promise<T>): Promise<T> {
  if (insideTransaction()) throw new Error(`network call ${name} inside a transaction`)
  return await call()
}
