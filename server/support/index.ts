import type { SupportDeps } from './open-case.ts'
import { createRoutes } from './routes.ts'

export { answerCase } from './answer-case.ts'
export type { Case } from './case.ts'
export { supportChecks } from './checks.ts'
export { type Closing, closeCase, closings } from './close-case.ts'
export { supportErrors } from './errors.ts'
export { maskedReply } from './open-case.ts'
export { moveCases, readCase, readOpenCases, wipeReplies } from './store.ts'

export interface Support {
  readonly routes: ReturnType<typeof createRoutes>
}

export function createSupport(deps: SupportDeps): Support {
  return { routes: createRoutes(deps) }
}
