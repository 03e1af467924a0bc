import en from '../../i18n/en/case.json' with { type: 'json' }
import zhCN from '../../i18n/zh-CN/case.json' with { type: 'json' }
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { refuse } from '../platform/error.ts'
import { supportErrors } from './errors.ts'
import { readCase, storeAnswer } from './store.ts'

const words = { 'zh-CN': zhCN.closed, en: en.closed }

/** Why a case needs no answer of its own: each is a sentence to whoever asked. */
export type Closing = keyof typeof en.closed
export const closings = Object.keys(en.closed) as readonly Closing[]

export interface ClosingCase {
  readonly number: string
  readonly because: Closing
  /** `operator alice` */
  readonly actor: string
}

/**
 * Ends a case that needs no answer of its own. Who asked reads the reason in the answer's place, in the language of the
 * question; no message is sent, as a form that anybody can fill in must not write to people for nothing. Refuses
 * `case-not-found` where none with this number waits for an answer.
 */
export async function closeCase(
  tx: Tx,
  { clock }: { readonly clock: Clock },
  { number, because, actor }: ClosingCase,
): Promise<void> {
  const nowMs = clock.instant()
  const locale = (await readCase(tx, number))?.locale ?? 'en'
  const ended = await storeAnswer(tx, number, { text: words[locale][because], by: actor, atMs: nowMs })
  if (!ended) throw refuse(supportErrors['case-not-found'])
  await writeAudit(tx, { actor, act: 'case closed', subject: ended.id, reason: because }, nowMs)
}
