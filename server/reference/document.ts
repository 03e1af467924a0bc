import type { ErrorEntry } from '../platform/error.ts'
import type { RouteRow } from '../platform/http.ts'
import type { Operation } from '../platform/operation.ts'
import { exampleProblem, statusOf } from '../platform/problem.ts'
import { answerable } from './answerable.ts'
import { type Components, createComponents, type JsonSchema } from './component.ts'
import { exampleOf } from './example.ts'
import { info, tags } from './preface.ts'
import { idempotencyKey, problemSchema, responseHeaders, securitySchemes } from './preset-components.ts'

/** A route that is part of the API. */
export type DescribedRoute = RouteRow & { readonly operation: Operation }

export interface Example {
  readonly summary: string
  readonly value: unknown
}

interface Content {
  readonly schema: JsonSchema
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly $ref: string }>>
}

export interface ResponseObject {
  readonly description: string
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>
  readonly content?: Readonly<Record<string, Content>>
  /** Of a problem: every code it may bear. */
  readonly 'x-codes'?: readonly string[]
}

export interface ParameterObject {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description?: string
  readonly schema: JsonSchema
  readonly example?: unknown
}

export interface OperationObject {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description: string
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters: readonly (ParameterObject | { readonly $ref: string })[]
  readonly requestBody?: { readonly required: true; readonly content: Readonly<Record<string, Content>> }
  readonly responses: Readonly<Record<string, ResponseObject>>
}

/** An OpenAPI 3.1 document, as far as this house fills one. */
export interface ApiDocument {
  readonly openapi: '3.1.0'
  readonly info: typeof info
  readonly tags: typeof tags
  readonly servers: readonly { readonly url: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>
    readonly examples: Readonly<Record<string, Example>>
    readonly parameters: { readonly IdempotencyKey: ParameterObject }
    readonly headers: typeof responseHeaders
    readonly securitySchemes: typeof securitySchemes
  }
}

const REQUEST = '01KARVZQ8E6T2M4N7P9R1S3V5X'
const MIME = 'application/json'
const PROBLEM_MIME = 'application/problem+json'
const IDEMPOTENCY_KEY = 'idempotency-key'

/** The API as these routes are: paths in the order of their headings, problems in the order of their codes. */
export function apiDocument(
  routes: readonly RouteRow[],
  schemas: Readonly<Record<string, JsonSchema>>,
): ApiDocument {
  const described = routes.filter((route): route is DescribedRoute => route.operation !== undefined)
  const headings = tags.map(({ name }) => name as string)
  const inOrder = described.toSorted(
    (a, b) => headings.indexOf(a.operation.tag) - headings.indexOf(b.operation.tag),
  )
  const components = createComponents({ ...schemas, Problem: problemSchema })
  const paths: Record<string, Record<string, OperationObject>> = {}
  const problems = new Map<string, ErrorEntry>()
  for (const route of inOrder) {
    const path = route.url.replace(/:(\w+)/g, '{$1}')
    const errors = answerable(route)
    for (const entry of errors) problems.set(entry.code, entry)
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationObject(route, errors, components) }
  }
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/', description: 'The brand’s own host: every brand answers at its own' }],
    tags,
    paths,
    components: {
      securitySchemes,
      parameters: { IdempotencyKey: idempotencyKey },
      headers: responseHeaders,
      examples: Object.fromEntries(
        [...problems.values()].toSorted((a, b) => a.code.localeCompare(b.code)).map(problemExample),
      ),
      schemas: components.used(),
    },
  }
}

function operationObject(
  route: DescribedRoute,
  errors: readonly ErrorEntry[],
  components: Components,
): OperationObject {
  const { operation, schema = {}, reach } = route
  const { id, tag, summary, description, example } = operation
  const body = schema.body as JsonSchema | undefined
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [description, `Reaches: ${reach}.`].filter(Boolean).join('\n\n'),
    security: securityOf(route),
    parameters: parametersOf(route, components),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          [MIME]: { schema: components.refer(body), example: example?.body ?? exampleOf(body, 'asked') },
        },
      },
    }),
    responses: { ...successes(route, components), ...failures(errors, components) },
  }
}

/** What opens it: any one of these. */
function securityOf({ who, scope, assurance }: RouteRow): OperationObject['security'] {
  if (who.includes('anyone')) return [{}]
  return [
    ...(who.includes('api-key') ? [{ apiKey: scope === undefined ? [] : [scope] }] : []),
    ...(who.includes('guest') || who.includes('login')
      ? [{ session: assurance === undefined ? [] : [assurance] }]
      : []),
  ]
}

function parametersOf(
  { schema = {}, operation }: DescribedRoute,
  components: Components,
): OperationObject['parameters'] {
  const params = (schema.params ?? {}) as JsonSchema
  const query = (schema.querystring ?? {}) as JsonSchema
  const headers = (schema.headers ?? {}) as JsonSchema
  const inPath = Object.entries(params.properties ?? {}).map(([name, property]) => ({
    name,
    in: 'path' as const,
    required: true,
    schema: components.refer(property),
    example: operation.example?.path?.[name] ?? exampleOf(property, 'asked'),
  }))
  const inQuery = Object.entries(query.properties ?? {}).map(([name, { description, ...property }]) => ({
    name,
    in: 'query' as const,
    required: query.required?.includes(name) ?? false,
    ...(description !== undefined && { description }),
    schema: components.refer(property),
  }))
  const inHeader = Object.entries(headers.properties ?? {}).map(([name, property]) =>
    name === IDEMPOTENCY_KEY
      ? { $ref: '#/components/parameters/IdempotencyKey' }
      : { name, in: 'header' as const, required: false, schema: components.refer(property) },
  )
  return [...inPath, ...inQuery, ...inHeader]
}

function successes(
  { schema = {}, operation }: DescribedRoute,
  components: Components,
): Record<string, ResponseObject> {
  const keyed = ((schema.headers ?? {}) as JsonSchema).properties?.[IDEMPOTENCY_KEY] !== undefined
  const headers = {
    'X-Request-Id': { $ref: '#/components/headers/RequestId' },
    ...(keyed && { 'Idempotency-Replayed': { $ref: '#/components/headers/IdempotencyReplayed' } }),
  }
  const { answers } = operation
  if (answers) {
    const { type, description, example } = answers
    return {
      200: { description, headers, content: { [type]: { schema: { type: typeof example }, example } } },
    }
  }
  const responses = Object.entries((schema.response ?? {}) as Record<string, JsonSchema>)
  return Object.fromEntries(
    responses.map(([status, answer]) => [
      status,
      answer.type === 'null'
        ? { description: 'Done; there is nothing to say', headers }
        : {
            description: SAID[status] ?? 'Done',
            headers,
            content: answerContent(answer, operation, components),
          },
    ]),
  )
}

const SAID: Readonly<Record<string, string>> = { 200: 'As asked', 201: 'Made', 202: 'Begun' }

function answerContent(answer: JsonSchema, { example }: Operation, components: Components) {
  return {
    [MIME]: { schema: components.refer(answer), example: example?.answer ?? exampleOf(answer, 'answered') },
  }
}

function failures(errors: readonly ErrorEntry[], components: Components): Record<string, ResponseObject> {
  const byStatus = Map.groupBy(
    errors.toSorted((a, b) => a.code.localeCompare(b.code)),
    (entry) => statusOf(entry),
  )
  return Object.fromEntries([...byStatus].map(([status, entries]) => [status, failure(entries, components)]))
}

function failure(entries: readonly ErrorEntry[], components: Components): ResponseObject {
  const codes = entries.map(({ code }) => code)
  const waits = entries.some(({ members }) => 'retryAfterSeconds' in members)
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    headers: {
      'X-Request-Id': { $ref: '#/components/headers/RequestId' },
      ...(waits && { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }),
    },
    content: {
      [PROBLEM_MIME]: {
        schema: {
          allOf: [
            components.refer(problemSchema),
            { required: ['code'], properties: { code: { type: 'string', enum: codes } } },
          ],
        },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
    'x-codes': codes,
  }
}

function problemExample(entry: ErrorEntry): [string, Example] {
  return [entry.code, { summary: entry.title, value: exampleProblem(entry, REQUEST) }]
}
