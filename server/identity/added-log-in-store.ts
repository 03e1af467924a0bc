import { isoInstant } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'

export interface AddedLogInRow {
  readonly id: string
  readonly phone: string
  readonly phoneEpoch: number | null
  readonly email: string | null
  readonly passwordHash: string | null
  readonly locale: 'zh-CN' | 'en'
}

/** New accounts and the terms their holders accepted for them. */
export async function insertLogIns(
  tx: Tx,
  rows: readonly AddedLogInRow[],
  termsVersion: string,
  atMs: number,
): Promise<void> {
  const ids = plainArray(rows.map((row) => row.id))
  const locales = plainArray(rows.map((row) => row.locale))
  const at = isoInstant(atMs)
  await tx.query(
    `insert into {{brand}}.log_in (id, phone, phone_epoch, email, password_hash, locale, created_at)
     select u.*, $7::timestamptz from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[]) u`,
    [
      ids,
      plainArray(rows.map((row) => row.phone)),
      plainArray(rows.map((row) => row.phoneEpoch)),
      textArray(rows.map((row) => row.email)),
      textArray(rows.map((row) => row.passwordHash)),
      locales,
      at,
    ],
  )
  await tx.query(
    `insert into {{brand}}.terms_acceptance (log_in, version, locale, accepted_at)
     select u.id, $3, u.locale, $4::timestamptz from unnest($1::uuid[], $2::text[]) as u (id, locale)`,
    [ids, locales, termsVersion, at],
  )
}
