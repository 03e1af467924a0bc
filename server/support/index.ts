import type { Tx } from '../platform/db.ts'
import { type Answering, answerCase } from './answer-case.ts'
import type { SupportDeps } from './open-case.ts'
import { createRoutes } from './routes.ts'

export { supportChecks } from './checks.ts'
export { supportErrors } from './errors.ts'
export { moveCases, wipeReplies } from './store.ts'

export interface Support {
  readonly routes: ReturnType<typeof createRoutes>
  /** Answers a case and tells the asker. Throws `case-not-found` where none with this number waits for an answer. */
  answerCase(tx: Tx, answering: Answering): Promise<void>
}

export function createSupport(deps: SupportDeps): Support {
  return {
    routes: createRoutes(deps),
    answerCase: (tx, answering) => answerCase(tx, deps, answering),
  }
}
