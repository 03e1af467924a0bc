import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asFields, BadRequest, type Fields } from './fields.ts'

export interface Request {
  method: string
  url: URL
  /** The named parts of the route's path, decoded. */
  parts: Record<string, string>
  headers: IncomingMessage['headers']
  form(): URLSearchParams
  /** The body as it came: what signatures are over. */
  text(): string
  /** The body as a JSON object; an empty body is an empty object. */
  json(): Fields
}

export interface Answer {
  status: number
  headers?: Record<string, string | string[]>
  body?: string | Buffer
  /** True: never answer; the connection stays open until the caller gives up. */
  hang?: boolean
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT'
  /** Segments; `:name` takes one segment whatever it is. */
  path: string
  answer(request: Request): Answer | Promise<Answer>
}

export interface Listener {
  /** `http://127.0.0.1:<port>` */
  address: string
  close(): Promise<void>
}

const bodyLimitBytes = 1_048_576
const ownHosts = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Serves the routes on 127.0.0.1. A request whose Host is not this machine's own is refused (421), so that no web page
 * can read a one-time code off a handset by pointing a name of its own at loopback; and unless `foreignForms`, a form
 * posted from another site is refused (403), so that none can press the wallet's button. `otherwise` answers what no route does.
 */
export async function serve(
  routes: Route[],
  port: number,
  options: { foreignForms: boolean; otherwise?: Route['answer'] },
): Promise<Listener> {
  const server = createServer((incoming, outgoing) => {
    respond(routes, incoming, options).then(
      (answer) => send(outgoing, answer),
      (error: unknown) => {
        console.error('sandbox: a request failed:', error)
        send(outgoing, { status: 500, body: 'The sandbox failed; its log says why.' })
      },
    )
  })
  server.keepAliveTimeout = 5_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function respond(
  routes: Route[],
  incoming: IncomingMessage,
  { foreignForms, otherwise }: { foreignForms: boolean; otherwise?: Route['answer'] },
): Promise<Answer> {
  const host = URL.parse(`http://${incoming.headers.host ?? ''}`)
  if (!host || !ownHosts.has(host.hostname)) return plain(421, 'The sandbox answers only to 127.0.0.1.')
  const foreign = incoming.method !== 'GET' && incoming.headers['sec-fetch-site'] === 'cross-site'
  if (foreign && !foreignForms) return plain(403, 'This form was sent from another site.')
  const url = new URL(incoming.url ?? '/', host)
  const atPath = routes.flatMap((route) => {
    const parts = matchPath(route.path, url.pathname)
    return parts ? [{ route, parts }] : []
  })
  const match = atPath.find(({ route }) => route.method === incoming.method)
  if (!match && (!otherwise || atPath.length > 0))
    return atPath.length > 0 ? plain(405, 'Wrong method.') : plain(404, 'Nothing here.')
  const body = await readBody(incoming)
  if (body === undefined) return plain(413, 'The body is larger than 1 MiB.')
  try {
    return await (match?.route.answer ?? (otherwise as Route['answer']))({
      method: incoming.method ?? 'GET',
      url,
      parts: match?.parts ?? {},
      headers: incoming.headers,
      form: () => new URLSearchParams(body),
      text: () => body,
      json: () => readJson(body),
    })
  } catch (error) {
    if (error instanceof BadRequest) return json({ error: error.message }, 400)
    throw error
  }
}

function matchPath(pattern: string, pathname: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = pathname.split('/')
  if (wanted.length !== given.length) return undefined
  const parts: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? ''
    if (!segment.startsWith(':')) {
      if (segment !== value) return undefined
    } else {
      try {
        parts[segment.slice(1)] = decodeURIComponent(value)
      } catch {
        return undefined
      }
    }
  }
  return parts
}

async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming) {
    length += (chunk as Buffer).length
    // Read on to the end without keeping it: leaving early would cut the connection before the 413 is sent.
    if (length <= bodyLimitBytes) chunks.push(chunk as Buffer)
  }
  if (length > bodyLimitBytes) return undefined
  return Buffer.concat(chunks).toString('utf8')
}

function readJson(body: string): Fields {
  if (body === '') return {}
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new BadRequest('The body is not JSON.')
  }
  return asFields(value, 'The body')
}

function send(outgoing: ServerResponse, answer: Answer): void {
  if (answer.hang || outgoing.destroyed) return
  outgoing.writeHead(answer.status, { 'cache-control': 'no-store', ...answer.headers })
  outgoing.end(answer.body)
}

export function plain(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}

export function json(value: unknown, status = 200): Answer {
  const body = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? item.toString() : item,
  )
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body }
}

/** 303: the browser fetches `location` with GET, so a reload never repeats the act. */
export function seeOther(location: string): Answer {
  return { status: 303, headers: { location } }
}
