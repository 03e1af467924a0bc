import type { Tx } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import { insertLogIns } from './added-log-in-store.ts'
import { checkNewPassword, createPasswords } from './password.ts'

/** An account made for somebody, as they would have it had they registered. */
export interface AddedLogIn {
  /** E.164 digits. */
  readonly phone: string
  /** Ownership epoch of the phone's line; null: it is no line of the brand. */
  readonly phoneEpoch: number | null
  /** Lower case. */
  readonly email: string | null
  readonly hasPassword: boolean
  readonly locale: 'zh-CN' | 'en'
}

/**
 * Makes accounts at a real instant, all with one password, which is checked and hashed once; answers their ids in the order
 * given. Who is given one that others know is to change it: this is for demonstrations and tests.
 */
export async function addLogIns(
  tx: Tx,
  logIns: readonly AddedLogIn[],
  { password, termsVersion, atMs }: Given,
): Promise<string[]> {
  checkNewPassword(password, [tx.brand])
  const passwordHash = await createPasswords().hash(password)
  const rows = logIns.map(({ hasPassword, ...logIn }) => ({
    ...logIn,
    id: newId(atMs),
    passwordHash: hasPassword ? passwordHash : null,
  }))
  await insertLogIns(tx, rows, termsVersion, atMs)
  return rows.map((row) => row.id)
}

/** What all of them are given. */
interface Given {
  readonly password: string
  readonly termsVersion: string
  readonly atMs: number
}
