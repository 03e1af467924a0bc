import { writeAudit } from '../platform/audit.ts'
import type { Tx } from '../platform/db.ts'
import { refuse } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { supportErrors } from './errors.ts'
import type { SupportDeps } from './open-case.ts'
import { storeAnswer } from './store.ts'

export interface Answering {
  /** `LK-261122-7Q4W2V` */
  readonly number: string
  readonly text: string
  /** `operator alice` */
  readonly actor: string
}

const TELL_WITHIN_MS = 3 * 24 * 3_600_000

/**
 * Answers a case and tells the asker where they wished to be told: by mail the answer itself, by SMS that it is there to be
 * read, because an answer may hold what an SMS may not. Refuses `case-not-found` where none with this number waits for one.
 */
export async function answerCase(
  tx: Tx,
  { clock, messaging }: Pick<SupportDeps, 'clock' | 'messaging'>,
  { number, text, actor }: Answering,
): Promise<void> {
  const nowMs = clock.instant()
  const answered = await storeAnswer(tx, number, { text, by: actor, atMs: nowMs })
  if (!answered) throw refuse(supportErrors['case-not-found'])
  await writeAudit(tx, { actor, act: 'case answered', subject: answered.id }, nowMs)
  const { replyBy, replyTo, locale } = answered
  if (replyTo === null) return
  messaging.enqueue(tx, [
    {
      ...{ id: newId(nowMs), channel: replyBy, to: replyTo, template: 'case-answered', locale },
      values: replyBy === 'sms' ? { number } : { number, answer: text },
      ...{ subject: answered.id, sealed: null, notAfterMs: nowMs + TELL_WITHIN_MS },
    },
  ])
}
