import { AsyncLocalStorage } from 'node:async_hooks'
import type { Writable } from 'node:stream'
import pg from 'pg'
import { figures } from './figures.ts'
import type { Log } from './log.ts'
import { rowTypes } from './row-types.ts'

/** COMMIT was sent and its answer never came: the transaction may or may not stand. Ask by key; never guess. */
export class CommitUnknown extends Error {
  readonly backendPid: number
  constructor(backendPid: number, cause: unknown) {
    super('the connection was lost after COMMIT was sent', { cause })
    this.backendPid = backendPid
  }
}

export interface Reader {
  readonly brand: string
  /**
   * Runs one static statement; `{{brand}}` and `{{papers}}` in it become the brand's quoted schemas. Statements
   * are prepared once per connection under a name of their own, so their text must not be built from values.
   */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
}

/** A write on its way. Its rows are there once the transaction is committed; asked for before, they cost a round trip. */
export interface Sent<Row> {
  rows(): Promise<Row[]>
}

declare const inTransaction: unique symbol
/** A Reader inside a transaction. Functions that lock or write accept only this. */
export interface Tx extends Reader {
  readonly [inTransaction]: true
  /** Sends a write whose answer is awaited only together with the commit's: saves a round trip on the hot path. */
  send<Row>(text: string, values?: readonly unknown[]): Sent<Row>
}

export interface BrandDb extends Reader {
  /** Runs `work` in one transaction: a throw rolls back, a return commits. Statements awaited together are sent together. */
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

export interface Db {
  of(brand: string): BrandDb
  /** The shared schema `platform`. */
  readonly platform: BrandDb
  /** Whether a server process of ours still exists: asked after a CommitUnknown. */
  backendAlive(pid: number): Promise<boolean>
  close(): Promise<void>
}

/** SQLSTATE of a statement after one of the same transaction has failed. */
const IN_FAILED_TRANSACTION = '25P02'

const transactionScope = new AsyncLocalStorage<true>()
/** True while inside `tx`: a network call there is a bug (see outbound-http.ts). */
export function insideTransaction(): boolean {
  return transactionScope.getStore() === true
}

const names = new Map<string, string>()
function statementName(text: string): string {
  let name = names.get(text)
  if (!name) {
    name = `s${names.size + 1}`
    names.set(text, name)
  }
  return name
}

/** Runs a brand's statements, each prepared once a connection. */
function runner(brand: string) {
  const qualify = qualifier(brand)
  return async <Row>(
    client: pg.Pool | pg.PoolClient,
    text: string,
    values: readonly unknown[],
  ): Promise<Row[]> => {
    const qualified = qualify(text)
    const result = await client.query({
      name: statementName(qualified),
      text: qualified,
      values: values as unknown[],
    })
    return result.rows as Row[]
  }
}

const BRAND_KEY = /^[a-z][a-z0-9]{1,20}$/

/** Puts a brand's schemas into a statement's text, once per (brand, text). */
function qualifier(brand: string): (text: string) => string {
  if (!BRAND_KEY.test(brand)) throw new Error(`not a brand key: ${brand}`)
  const ready = new Map<string, string>()
  return (text) => {
    let qualified = ready.get(text)
    if (!qualified) {
      qualified = text.replaceAll('{{brand}}', `"${brand}"`).replaceAll('{{papers}}', `"${brand}_papers"`)
      ready.set(text, qualified)
    }
    return qualified
  }
}

/** What of the driver's client is not in its types. */
interface Wire {
  readonly processID: number
  readonly connection: { readonly stream: Writable }
}

/** So much is worth a write of its own: the server works on it while the rest is made. */
const WORTH_A_WRITE_BYTES = 16 * 1024

/** Small statements of one turn leave in one write, and arrive in one reading: else each costs both sides a call of its own. */
function gathering(client: pg.PoolClient): pg.PoolClient {
  const { stream } = (client as unknown as Wire).connection
  if (stream.writableCorked === 0) {
    stream.cork()
    process.nextTick(() => stream.uncork())
  } else if (stream.writableLength >= WORTH_A_WRITE_BYTES) {
    stream.uncork()
    stream.cork()
  }
  return client
}

function brandDb(pool: pg.Pool, brand: string): BrandDb {
  const run = runner(brand)
  return {
    brand,
    query: (text, values = []) => run(pool, text, values),
    async tx(work) {
      const client = await pool.connect()
      const backendPid = (client as unknown as Wire).processID
      const sent: Promise<unknown>[] = []
      let lost: Error | undefined
      let committing = false
      const onError = (error: Error) => {
        lost = error
      }
      client.on('error', onError)
      const tx = {
        brand,
        query: (text: string, values: readonly unknown[] = []) => run(gathering(client), text, values),
        send(text: string, values: readonly unknown[] = []) {
          const rows = run(gathering(client), text, values)
          sent.push(settled(rows))
          return { rows: () => rows }
        },
      } as unknown as Tx
      try {
        // `begin` is not awaited: the connection is pipelined, so it travels with the first statements.
        sent.push(settled(gathering(client).query('begin')))
        const result = await transactionScope.run(true, () => work(tx))
        committing = true
        const commit = gathering(client).query('commit')
        sent.push(settled(commit))
        const failed = (await Promise.all(sent)).find((error) => error !== undefined)
        if (failed) throw failed
        const { command } = await commit
        if (command !== 'COMMIT') throw new Error('the transaction had failed and was rolled back at commit')
        return result
      } catch (error) {
        if (isConnectionLoss(error)) {
          lost = error as Error
          if (committing) throw new CommitUnknown(backendPid, error)
          throw error
        }
        if (committing) throw error
        await client.query('rollback').catch((e: Error) => {
          lost = e
        })
        throw await causeOf(error, sent)
      } finally {
        client.off('error', onError)
        client.release(lost)
      }
    },
  }
}

/** A promise of the error, if any: nothing to be left unhandled while its neighbours are awaited. */
function settled(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** A write that was sent and failed makes every later statement fail: its error is the one to tell. */
async function causeOf(error: unknown, sent: readonly Promise<unknown>[]): Promise<unknown> {
  if ((error as { code?: string } | undefined)?.code !== IN_FAILED_TRANSACTION) return error
  return (await Promise.all(sent)).find((failure) => failure !== undefined) ?? error
}

/** SQLSTATEs after which the server has hung up (beside class 08), and what the machine says of a socket. */
const CONNECTION_LOST = new Set([
  ...['25P03', '25P04', '53300', '57P01', '57P02', '57P03', '57P04', '57P05'],
  ...['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ENOENT', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['ENOTFOUND', 'EAI_AGAIN'],
])
const DRIVER_LOST =
  /connection terminated|client was closed|not queryable|timeout exceeded when trying to connect/i

/** True when the error says the connection is gone or was never made, not that a statement failed. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = (error as { code?: string }).code ?? ''
  return CONNECTION_LOST.has(code) || /^08...$/.test(code) || DRIVER_LOST.test(error.message)
}

/** The name of the constraint a statement broke, when it broke one. */
export function brokenConstraint(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: string; constraint?: string }
  return code?.startsWith('23') ? constraint : undefined
}

export interface DbOptions {
  readonly url: string
  readonly connections: number
  readonly log: Log
  readonly applicationName: string
}

const connectionsGauge = figures.gauge(
  'baohao_db_connections',
  'Connections of each pool, by what they do, and who waits for one.',
  ['pool', 'state'],
)
const lostConnections = figures.counter(
  'baohao_db_connections_lost_total',
  'Idle connections that were lost.',
  ['pool'],
)
const pools = new Map<pg.Pool, string>()
figures.beforeTelling(() => {
  for (const [pool, name] of pools) {
    connectionsGauge.of(name, 'busy').set(pool.totalCount - pool.idleCount)
    connectionsGauge.of(name, 'idle').set(pool.idleCount)
    connectionsGauge.of(name, 'waited-for').set(pool.waitingCount)
  }
})

export function createDb({ url, connections, log, applicationName }: DbOptions): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    pipeline: true,
    types: rowTypes,
    application_name: applicationName,
    options: '-c timezone=UTC -c client_min_messages=warning',
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 10_000,
  } as pg.PoolConfig)
  pools.set(pool, applicationName)
  // A server that ends sends its last word at any moment, also in the one in which a client is handed out and nobody hears it
  // yet; unheard it would end the process. Who uses the client learns of it by its statements.
  pool.on('connect', (client) => client.on('error', () => undefined))
  pool.on('error', (error) => {
    lostConnections.of(applicationName).add()
    log.warn({ err: error }, 'an idle database connection was lost')
  })
  const brands = new Map<string, BrandDb>()
  const of = (brand: string) => {
    let db = brands.get(brand)
    if (!db) {
      db = brandDb(pool, brand)
      brands.set(brand, db)
    }
    return db
  }
  return {
    of,
    platform: of('platform'),
    async backendAlive(pid) {
      const { rows } = await pool.query('select 1 from pg_stat_activity where pid = $1', [pid])
      return rows.length > 0
    },
    async close() {
      pools.delete(pool)
      await pool.end()
    },
  }
}
