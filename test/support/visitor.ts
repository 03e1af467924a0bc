import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { expect } from 'vitest'
import type { CaptchaChallenge } from '../../contract/session.ts'
import type { Db } from '../../server/platform/db.ts'
import type { Http } from '../../server/platform/http.ts'
import { open } from '../../server/platform/seal.ts'

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every kind.
  readonly body: any
  readonly headers: Readonly<Record<string, unknown>>
}

/** A browser as far as the server can tell: it keeps cookies and sends the headers that browsers send. */
export interface Visitor {
  readonly cookies: Map<string, string>
  get(url: string, headers?: Record<string, string>): Promise<Answer>
  send(
    method: 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>
  /** Fetches and solves a captcha. */
  captcha(): Promise<string>
}

export function visitor(http: Http, host: string, remoteAddress = '192.0.2.7'): Visitor {
  const cookies = new Map<string, string>()
  async function call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, given: object, body?: unknown) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await http.inject({
      method,
      url,
      remoteAddress,
      headers: { host, 'sec-fetch-site': 'same-origin', ...(cookie ? { cookie } : {}), ...given },
      ...(body === undefined ? {} : { payload: body as object }),
    })
    for (const { name, value, maxAge } of response.cookies) {
      if (value === '' || maxAge === 0) cookies.delete(name)
      else cookies.set(name, value)
    }
    const parsed = response.body === '' ? null : JSON.parse(response.body)
    return { status: response.statusCode, body: parsed, headers: response.headers }
  }
  return {
    cookies,
    get: (url, headers = {}) => call('GET', url, headers),
    send: (method, url, body, headers = {}) => call(method, url, headers, body),
    async captcha() {
      const { body } = await call('GET', '/v1/captcha', {})
      return await solveCaptcha(body)
    },
  }
}

/** The payload a browser hands in, found by ALTCHA's own solver. */
export async function solveCaptcha(challenge: CaptchaChallenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey })
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
}

/** The code last written to an address, as the message that carries it holds it; the test is the handset. */
export async function lastCode(db: Db, masterKey: Buffer, brand: string, to: string): Promise<string> {
  const rows = await db
    .of(brand)
    .query<{ id: string; sealed: Buffer }>(
      'select id, sealed from {{brand}}.message where recipient = $1 and sealed is not null order by id desc limit 1',
      [to],
    )
  const [message] = rows
  expect(message, `a message with a code to ${to}`).toBeDefined()
  const { id, sealed } = message as { id: string; sealed: Buffer }
  return open(masterKey, 'message', sealed, id)
}
