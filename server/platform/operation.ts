import type { FastifyReply, FastifyRequest } from 'fastify'
import { batcherErrors } from './batcher.ts'
import { type ErrorEntry, Refusal, refuse } from './error.ts'
import type { Http } from './http.ts'
import { httpErrors } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What an integrator is told of this route; without one it is no part of the API that others build on. */
    operation?: Operation
  }
}

/** A route as the description of the API tells it. Parameters, bodies and who may call come from the route itself. */
export interface Operation {
  /** The name a generated client gives it: `placeTopUp`. */
  readonly id: string
  /** The heading it stands under. */
  readonly tag: string
  readonly summary: string
  /** Markdown: what it does, what it leaves alone, what to do next. */
  readonly description?: string
  /** What its handler refuses with. What stands before the handler (session, brand, schema) is known from the route. */
  readonly errors: readonly ErrorEntry[]
  /** Values in the place of those that the schemas' own examples make. */
  readonly example?: OperationExample
  /** The success is no JSON of the contract but this: a stream of text, or a document of another standard. */
  readonly answers?: { readonly type: string; readonly description: string; readonly example: unknown }
}

export interface OperationExample {
  readonly path?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly answer?: unknown
}

/** Operations of one heading, each named by its key. */
export function defineOperations<Name extends string>(
  tag: string,
  operations: Readonly<Record<Name, Omit<Operation, 'id' | 'tag'>>>,
): Readonly<Record<Name, Operation>> {
  const named = Object.entries<Omit<Operation, 'id' | 'tag'>>(operations).map(
    ([id, operation]) => [id, { ...operation, id, tag }] as const,
  )
  return Object.fromEntries(named) as Record<Name, Operation>
}

/**
 * Makes an undeclared refusal a fault, so that tests cannot pass while the description is silent about a code or a member.
 * Call it before routes are registered. In production the refusal itself is the better answer.
 */
export function demandDeclared(http: Http): void {
  http.addHook('onRoute', (route) => {
    const operation = route.config?.operation
    if (!operation) return
    const handler = route.handler
    route.handler = async function declared(request: FastifyRequest, reply: FastifyReply) {
      try {
        return await handler.call(this, request, reply)
      } catch (error) {
        if (error instanceof Refusal) checkDeclared(operation, error)
        throw error
      }
    }
  })
}

/** Any operation may end so: what HTTP itself refuses, and a full queue. */
const ANYWHERE: Readonly<Record<string, ErrorEntry>> = { ...httpErrors, ...batcherErrors }

function checkDeclared({ id, errors }: Operation, { entry, members }: Refusal): void {
  const declared = ANYWHERE[entry.code] ?? errors.find(({ code }) => code === entry.code)
  if (!declared) {
    throw refuse(httpErrors.internal, {
      undeclared: `${id} refuses with ${entry.code}: add it to its errors`,
    })
  }
  const unknown = Object.keys(members).find((name) => !(name in declared.members))
  if (unknown !== undefined) {
    throw refuse(httpErrors.internal, {
      undeclared: `${entry.code} has the member ${unknown}: add an example of it to its catalogue`,
    })
  }
}
