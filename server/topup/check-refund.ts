import type { Brand } from '../brand/index.ts'
import { writeAudit } from '../platform/audit.ts'
import { brokenConstraint } from '../platform/db.ts'
import type { TopUpsDeps } from './deps.ts'
import { readRequest, writeCheck } from './refund-request-store.ts'

/** The second person's word. `own`: whoever asked, or would be paid, is no second person; the table's CHECK says so too. */
export type Checked = 'approved' | 'declined' | 'not-found' | 'not-waiting' | 'own'

/** Approves or declines a refund that waits for it; an approved one is settle's to begin. */
export async function checkRefund(
  { db, clock }: Pick<TopUpsDeps, 'db' | 'clock'>,
  brand: Brand,
  id: string,
  verdict: 'approved' | 'declined',
  by: { readonly actor: string; readonly reason?: string },
): Promise<Checked> {
  const request = await readRequest(db.of(brand.key), id)
  if (!request) return 'not-found'
  try {
    return await db.of(brand.key).tx(async (tx) => {
      const nowMs = clock.instant()
      if (!(await writeCheck(tx, id, verdict, by.actor, nowMs))) return 'not-waiting'
      const detail = { order: request.order, amountMinor: request.amountMinor.toString() }
      const entry = { actor: by.actor, act: `refund ${verdict}`, subject: id, detail }
      await writeAudit(tx, by.reason === undefined ? entry : { ...entry, reason: by.reason }, nowMs)
      return verdict
    })
  } catch (error) {
    if (brokenConstraint(error) === 'refund_request_checker') return 'own'
    throw error
  }
}
