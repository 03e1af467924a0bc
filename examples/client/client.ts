import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import createClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './schema.ts'

export type Baohao = Client<paths>
type Problem = components['schemas']['Problem']

/** An answer as the client gives it: data, or the problem document of a refusal. */
interface Answer<Data, Refusal> {
  readonly data?: Data
  readonly error?: Refusal
  readonly response: Response
}

/** Who calls, and where: `BAOHAO_ORIGIN` is the brand's address, `BAOHAO_API_KEY` a key that `baohao key create` showed. */
export function fromEnvironment(env: NodeJS.ProcessEnv = process.env): Baohao {
  const origin = env.BAOHAO_ORIGIN ?? 'http://127.0.0.1:3000'
  const key = env.BAOHAO_API_KEY
  if (!key) throw new Error('Set BAOHAO_API_KEY to an API key of this brand')
  return connect(origin, key)
}

/** A client whose requests end after ten seconds: without an end there is no knowing that an answer was lost. */
export function connect(origin: string, key: string, timeoutMs = 10_000): Baohao {
  return createClient<paths>({
    baseUrl: origin,
    headers: { authorization: `Bearer ${key}` },
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(timeoutMs) }),
  })
}

/** A key for one sale. Write it down before the sale is sent: after a crash it is what finds out what became of it. */
export function newKey(): string {
  return randomUUID()
}

/** No answer within the time: the sale may stand or not. Ask again later, with the same key. */
export class Unknown extends Error {
  constructor(cause: unknown) {
    super('no answer; send the same request with the same key later', { cause })
    this.name = 'Unknown'
  }
}

/**
 * Sends the very same request until it is answered. Only for requests that may be repeated: those that read, and those that bear
 * an `Idempotency-Key`. Refusals are answers; a lost connection, 429, 500 and 503 are none. Throws `Unknown` after `tries`.
 */
export async function untilAnswered<Data, Refusal extends Problem>(
  send: () => Promise<Answer<Data, Refusal>>,
  tries = 6,
): Promise<Answer<Data, Refusal>> {
  let last: unknown
  for (let n = 0; n < tries; n++) {
    if (n > 0) await sleep(waitMs(last, n))
    try {
      const answer = await send()
      if (![429, 500, 503].includes(answer.response.status)) return answer
      last = answer.error
    } catch (error) {
      last = error
    }
  }
  throw new Unknown(last)
}

/** As long as the server asks for, else longer each time; never all tills at once. */
function waitMs(last: unknown, n: number): number {
  const asked = (last as Partial<Problem> | undefined)?.retryAfterSeconds
  return (asked ?? 2 ** (n - 1) / 4) * 1000 * (1 + Math.random() / 4)
}

/** One line of JSON, for the program or the person that started this one. */
export function say(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
