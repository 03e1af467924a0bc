import type { ApiDocument, OperationObject, ResponseObject } from '../server/reference/index.ts'

const PROBLEM = 'application/problem+json'

/**
 * The described API as a program without a browser calls it: with an API key, or openly and only to read. An operation's refusals
 * are one response with every code, which is how a client meets them; examples stay in the description.
 */
export function clientDocument({ openapi, info, paths, components }: ApiDocument): Record<string, unknown> {
  const kept = Object.entries(paths).flatMap(([path, methods]) => {
    const ours = Object.entries(methods).filter(([method, operation]) => isForPrograms(method, operation))
    const slim = ours.map(([method, operation]) => [method, slimmed(operation)])
    return ours.length === 0 ? [] : [[path, Object.fromEntries(slim)] as const]
  })
  const { schemas, parameters } = components
  const used = usedBy(JSON.stringify([kept, parameters]), schemas)
  return { openapi, info, paths: Object.fromEntries(kept), components: { schemas: used, parameters } }
}

/** The schemas that a text refers to, and those that they refer to. */
function usedBy(text: string, schemas: ApiDocument['components']['schemas']): Record<string, unknown> {
  const used = new Set<string>()
  const pending = [text]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const [, name = ''] of next.matchAll(/#\/components\/schemas\/(\w+)/g)) {
      if (used.has(name)) continue
      used.add(name)
      pending.push(JSON.stringify(schemas[name]))
    }
  }
  return Object.fromEntries([...used].toSorted().map((name) => [name, schemas[name]]))
}

function isForPrograms(method: string, { security, tags }: OperationObject): boolean {
  const isOpen = security.some((one) => Object.keys(one).length === 0)
  return security.some((one) => 'apiKey' in one) || (isOpen && method === 'get' && !tags.includes('Sessions'))
}

function slimmed({ responses, ...operation }: OperationObject): Record<string, unknown> {
  const successes = Object.entries(responses).filter(([status]) => status < '400')
  const codes = Object.values(responses).flatMap((response) => response['x-codes'] ?? [])
  const problem = {
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      { required: ['code'], properties: { code: { type: 'string', enum: codes.toSorted() } } },
    ],
  }
  return {
    ...operation,
    responses: {
      ...Object.fromEntries(successes.map(([status, response]) => [status, bare(response)])),
      default: { description: 'A refusal', content: { [PROBLEM]: { schema: problem } } },
    },
  }
}

function bare({ description, content = {} }: ResponseObject): Record<string, unknown> {
  const bodies = Object.entries(content).map(([type, { schema }]) => [type, { schema }])
  return { description, content: Object.fromEntries(bodies) }
}
