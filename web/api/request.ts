import { noteServerDate } from '../device/server-clock.ts'

/** RFC 9457 problem details as our server sends them; `moneyMoved` is what the person most needs to know. */
export interface ProblemBody {
  readonly code: string
  readonly requestId?: string
  readonly moneyMoved?: boolean | 'unknown'
  readonly retryAfterSeconds?: number
  readonly pointer?: string
  readonly [member: string]: unknown
}

/** A refusal or fault, told by the server or found before it was reached (`offline`, `answer-unreadable`). */
export class ApiProblem extends Error {
  readonly status: number
  readonly body: ProblemBody

  constructor(status: number, body: ProblemBody) {
    super(body.code)
    this.name = 'ApiProblem'
    this.status = status
    this.body = body
  }

  get code(): string {
    return this.body.code
  }
}

/** The request never reached the server. */
export function isOffline(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'offline'
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  /** Kept by the page before it submits, so that a lost answer is asked for again and never doubled. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

/**
 * One call to `/v1`, same origin, session cookie included. Resolves with the JSON body, or undefined for 204; rejects only
 * with ApiProblem or the caller's own abort.
 */
export async function request<Answer>(path: string, options: ApiRequest = {}): Promise<Answer> {
  const { method = 'GET', body, idempotencyKey, signal } = options
  const headers = new Headers({ accept: 'application/json, application/problem+json' })
  if (body !== undefined) headers.set('content-type', 'application/json')
  if (idempotencyKey !== undefined) headers.set('idempotency-key', `"${idempotencyKey}"`)
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiProblem(0, { code: 'offline', moneyMoved: method === 'GET' ? false : 'unknown' })
  }
  noteServerDate(response.headers.get('date'))
  if (response.status === 204) return undefined as Answer
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok && answer !== null) return answer as Answer
  throw new ApiProblem(response.status, isProblem(answer) ? answer : unreadable(method))
}

function isProblem(answer: unknown): answer is ProblemBody {
  return typeof answer === 'object' && answer !== null && 'code' in answer && typeof answer.code === 'string'
}

function unreadable(method: string): ProblemBody {
  return { code: 'answer-unreadable', moneyMoved: method === 'GET' ? false : 'unknown' }
}
