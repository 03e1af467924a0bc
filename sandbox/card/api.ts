import { createHash } from 'node:crypto'
import type { Book } from '../book.ts'
import type { Clock } from '../clock.ts'
import type { Fields } from '../fields.ts'
import type { Answer, Request, Route } from '../http.ts'
import { expandAll, readExpansions } from './expand.ts'
import { readForm } from './form.ts'
import type { CardKnobs, CardMerchant, CardMerchants } from './merchants.ts'
import { newId } from './numbers.ts'
import { missing, Refusal } from './refusal.ts'
import type { Shape, ShapeDeps } from './shapes.ts'
import { type CardState, type Entry, keyName, type UsedKey } from './state.ts'
import { writeJson } from './wire.ts'

/** A call whose outside is in order: a known key, a known address, parameters that can be read. */
export interface Call {
  account: string
  params: Fields
  parts: Record<string, string>
}

/** `run` answers an object of the API, or a file's text; it throws Refusal for everything else. */
export interface Endpoint {
  method: 'GET' | 'POST'
  path: string
  run(call: Call): Promise<Shape | string> | Shape | string
}

export interface ApiDeps extends ShapeDeps {
  clock: Clock
  merchants: CardMerchants
  book: Book<Entry>
  state: CardState
  endpoints: readonly Endpoint[]
  nowFor(account: string): number
}

interface Wire {
  status: number
  body: string
  headers: Record<string, string>
}

/** Without `Stripe-Version` a call speaks the account's own; ours is this one. */
const ownVersion = '2026-10-28.endive'

/** The API's own port: `/v1/...`, bearer key, form in, JSON out. */
export function apiRoutes(deps: ApiDeps): Route[] {
  /** Keys whose first request is still being answered. */
  const underWay = new Set<string>()
  const answer = (request: Request) => respond(deps, underWay, request)
  const deep = ['/:a', '/:a/:b', '/:a/:b/:c', '/:a/:b/:c/:d', '/:a/:b/:c/:d/:e']
  return deep.flatMap((path) => [
    { method: 'GET' as const, path, answer },
    { method: 'POST' as const, path, answer },
  ])
}

async function respond(deps: ApiDeps, underWay: Set<string>, request: Request): Promise<Answer> {
  const requestId = newId('req')
  let merchant: CardMerchant | undefined
  let wire: Wire
  try {
    merchant = authenticate(deps.merchants, request)
    wire = await perform(deps, underWay, request, merchant, requestId)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    wire = refused(error)
  }
  const version = versionOf(request)
  const answer: Answer = {
    status: wire.status,
    headers: {
      'content-type': 'application/json',
      'request-id': requestId,
      ...(version === undefined ? {} : { 'stripe-version': version }),
      ...wire.headers,
    },
    body: wire.body,
  }
  return merchant
    ? await trouble(deps.clock, deps.merchants.knobs(merchant.account), request, answer)
    : answer
}

function refused(refusal: Refusal): Wire {
  return { status: refusal.status, body: `${writeJson(refusal.toWire(), 2)}\n`, headers: {} }
}

function authenticate(merchants: CardMerchants, { headers }: Request): CardMerchant {
  const given = headers.authorization ?? ''
  const [, bearer] = /^Bearer (\S+)$/.exec(given) ?? []
  const [, basic] = /^Basic (\S+)$/.exec(given) ?? []
  const key = bearer ?? (basic && Buffer.from(basic, 'base64').toString('utf8').split(':')[0])
  if (!key) {
    const message =
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
    throw new Refusal({ message, status: 401 })
  }
  const merchant = merchants.byKey(key)
  if (merchant) return merchant
  throw new Refusal({
    message: `Invalid API Key provided: ${key.slice(0, 8)}${'*'.repeat(8)}${key.slice(-4)}`,
    status: 401,
  })
}

/** Undefined when it is none; the vendor refuses that before anything else. */
function versionOf({ headers }: Request): string | undefined {
  const given = headers['stripe-version'] ?? ownVersion
  return typeof given === 'string' && /^\d{4}-\d\d-\d\d(\.[a-z]+)?$/.test(given) ? given : undefined
}

async function perform(
  deps: ApiDeps,
  underWay: Set<string>,
  request: Request,
  { account }: CardMerchant,
  requestId: string,
): Promise<Wire> {
  if (versionOf(request) === undefined) {
    throw new Refusal({ message: `Invalid Stripe API version: ${request.headers['stripe-version']}` })
  }
  const { endpoint, parts } = findEndpoint(deps.endpoints, request)
  const sent = request.method === 'GET' ? request.url.searchParams : request.form()
  const call: Call = { account, params: readForm(sent), parts }
  const key = request.headers['idempotency-key']
  if (request.method === 'GET' || typeof key !== 'string' || key === '')
    return await run(deps, endpoint, call)
  if (key.length > 255) throw new Refusal({ message: 'Idempotency keys are at most 255 characters long.' })
  const hash = createHash('sha256').update(`POST ${request.url.pathname}\n${sent}`).digest('hex')
  const name = keyName(account, key)
  const used = deps.state.keys.get(name)
  if (used) return replay(used, hash)
  if (underWay.has(name)) throw keyInUse(key)
  underWay.add(name)
  try {
    const wire = await run(deps, endpoint, call)
    const { status, body } = wire
    await deps.book.record({
      kind: 'key-used',
      at: deps.nowFor(account),
      used: { account, key, hash, status, body, requestId },
    })
    return { ...wire, headers: { ...wire.headers, 'idempotency-key': key } }
  } finally {
    underWay.delete(name)
  }
}

async function run(deps: ApiDeps, endpoint: Endpoint, call: Call): Promise<Wire> {
  const { expand, ...params } = call.params
  const expansions = readExpansions(expand)
  const answered = await endpoint.run({ ...call, params })
  if (typeof answered === 'string') {
    return { status: 200, body: answered, headers: { 'content-type': 'text/csv' } }
  }
  const shape = expandAll(answered, expansions, call.account, deps)
  return { status: 200, body: `${writeJson(shape, 2)}\n`, headers: {} }
}

/** The same request gets the first answer again, word for word; another one is a mistake of the caller's. */
function replay(used: UsedKey, hash: string): Wire {
  if (used.hash !== hash) {
    throw new Refusal({
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${used.key}' if you meant to execute a different request.`,
      type: 'idempotency_error',
    })
  }
  const headers = {
    'idempotency-key': used.key,
    'idempotent-replayed': 'true',
    'original-request': used.requestId,
  }
  return { status: used.status, body: used.body, headers }
}

function keyInUse(key: string): Refusal {
  return new Refusal({
    message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
    status: 409,
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
  })
}

function findEndpoint(
  endpoints: readonly Endpoint[],
  { method, url }: Request,
): { endpoint: Endpoint; parts: Record<string, string> } {
  for (const endpoint of endpoints) {
    const parts = endpoint.method === method ? matchPath(endpoint.path, url.pathname) : undefined
    if (parts) return { endpoint, parts }
  }
  throw new Refusal({
    message: `Unrecognized request URL (${method}: ${url.pathname}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
    status: 404,
  })
}

function matchPath(pattern: string, pathname: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = pathname.split('/')
  const fits =
    wanted.length === given.length &&
    wanted.every((segment, place) => segment.startsWith(':') || segment === given[place])
  if (!fits) return undefined
  const named = wanted.flatMap((segment, place) =>
    segment.startsWith(':') ? [[segment.slice(1), given[place] ?? '']] : [],
  )
  return Object.fromEntries(named)
}

/** The knobs that spoil the answer after the act is done: what the caller cannot know is whether it was. */
async function trouble(clock: Clock, knobs: CardKnobs, request: Request, answer: Answer): Promise<Answer> {
  if (knobs.slowReceiverSeconds > 0) {
    await new Promise<void>((resolve) => clock.after(knobs.slowReceiverSeconds * 1_000, resolve))
  }
  if (!request.url.pathname.startsWith(knobs.faultMethod)) return answer
  if (knobs.fault === 'http-500') {
    const said = { message: 'Something went wrong on our end.', status: 500, type: 'api_error' as const }
    return { ...answer, status: 500, body: writeJson(new Refusal(said).toWire(), 2) }
  }
  return knobs.fault === 'time-out' ? { status: 0, hang: true } : answer
}

/** The account's own object, or the vendor's 404 for everybody else's. */
export function ownOr404<Item>(
  item: Item | undefined,
  account: string | undefined,
  call: Call,
  what: string,
  id: string,
  param?: string,
): Item {
  if (item === undefined || account !== call.account) throw missing(what, id, param)
  return item
}
