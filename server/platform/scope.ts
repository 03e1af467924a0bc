import { AsyncLocalStorage } from 'node:async_hooks'
import type { OpenSpan } from './trace.ts'

/** On whose behalf code runs: its request, and the span under which further ones stand. A request is its own scope. */
export interface Scope {
  /** The request's id; '' outside any. */
  readonly id: string
  readonly span: OpenSpan | undefined
}

const scopes = new AsyncLocalStorage<Scope>()

export function currentScope(): Scope | undefined {
  return scopes.getStore()
}

export function inScope<T>(scope: Scope, work: () => T): T {
  return scopes.run(scope, work)
}

/** For what serves many at once and was only begun by one of them: a batch, a loop, a connection. */
export function outsideScope<T>(work: () => T): T {
  return scopes.exit(work)
}
