import type { Reader } from '../platform/db.ts'
import type { Identities } from './deps.ts'
import { phoneStillTheirs } from './log-in.ts'
import type { Principal } from './principal.ts'
import { logInById } from './store.ts'

/** What a code has proved for a caller: the account's phone, while it is still theirs, and mailbox; the payer's phone of the session. */
export async function provedAddresses(
  db: Reader,
  { lineEpoch }: Pick<Identities, 'lineEpoch'>,
  caller: Principal | null,
): Promise<string[]> {
  const logIn = caller?.kind === 'login' ? await logInById(db, caller.id) : null
  const phone = logIn && (await phoneStillTheirs(db, logIn, lineEpoch)) ? logIn.phone : null
  return [phone, logIn?.email, caller?.payer?.msisdn].filter((address) => typeof address === 'string')
}
