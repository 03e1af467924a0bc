import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Db } from './db.ts'
import type { Log } from './log.ts'
import { textArray } from './sql-array.ts'

/** Who hears of a topic, in whatever process. */
export interface Hearer {
  /** These changed; `many`: more than one notice can name. */
  heard(subjects: readonly string[] | 'many'): void
  /** Notices may have been lost until now: whatever is followed must be read again. */
  missed(): void
}

/**
 * Word between processes that something has changed, by PostgreSQL's LISTEN and NOTIFY. A notice is a hint: it may come late,
 * twice or never, so who hears it reads what it concerns, and reads now and then without one too.
 */
export interface Notices {
  /**
   * Tells all processes, this one too, after the caller's commit. It neither waits nor fails: one NOTIFY is under way at
   * a time, and what comes meanwhile shares the next. Its commit takes a lock of the whole cluster, which a transaction of its
   * own holds for no longer than that takes, since nothing it wrote must reach the disk.
   */
  tell(topic: string, subjects: readonly string[]): void
  /** From the first hearer on, this process holds one connection that listens, and makes it again when it is lost. */
  hear(topic: string, hearer: Hearer): void
  /** False while that connection is not there. */
  listening(): boolean
  close(): Promise<void>
}

export interface NoticesDeps {
  readonly url: string
  readonly db: Db
  readonly log: Log
}

const CHANNEL = 'baohao'
/** A payload holds less than 8,000 bytes (PostgreSQL documentation, NOTIFY); a topic and 200 ids of 36 digits fit. */
const MOST_SUBJECTS = 200
const RECONNECT_MS = { first: 250, most: 10_000 }

export function createNotices({ url, db, log }: NoticesDeps): Notices {
  const hearers = new Map<string, Hearer[]>()
  const ear = createEar(url, log, hearers)
  const untold = new Map<string, Set<string>>()
  let telling: Promise<void> | undefined

  async function tellAll(): Promise<void> {
    while (untold.size > 0) {
      const payloads = [...untold].map(([topic, subjects]) => payload(topic, subjects))
      untold.clear()
      await db.platform
        .query(`select pg_notify('${CHANNEL}', payload) from unnest($1::text[]) as payload`, [
          textArray(payloads),
        ])
        .catch((error: unknown) => log.warn({ err: error }, 'other processes were not told of changes'))
    }
    telling = undefined
  }

  return {
    tell(topic, subjects) {
      if (subjects.length === 0) return
      const waiting = untold.get(topic) ?? new Set()
      for (const subject of subjects) waiting.add(subject)
      untold.set(topic, waiting)
      telling ??= tellAll()
    },
    hear(topic, hearer) {
      hearers.set(topic, [...(hearers.get(topic) ?? []), hearer])
      ear.open()
    },
    listening: ear.listening,
    async close() {
      await telling
      await ear.close()
    },
  }
}

function payload(topic: string, subjects: ReadonlySet<string>): string {
  return subjects.size > MOST_SUBJECTS ? `${topic} *` : [topic, ...subjects].join(' ')
}

/** The one connection that listens, while anybody does. */
function createEar(url: string, log: Log, hearers: ReadonlyMap<string, readonly Hearer[]>) {
  const closing = new AbortController()
  let client: pg.Client | undefined
  let listening = false
  let running: Promise<void> | undefined

  function heard(text: string): void {
    const [topic = '', ...subjects] = text.split(' ')
    for (const hearer of hearers.get(topic) ?? []) hearer.heard(subjects[0] === '*' ? 'many' : subjects)
  }

  /** Listens until the connection is lost; throws when it cannot be made. */
  async function listen(): Promise<void> {
    client = new pg.Client({
      connectionString: url,
      application_name: 'baohao notices',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      connectionTimeoutMillis: 10_000,
    })
    const lost = new Promise<unknown>((resolve) =>
      client?.on('error', resolve).once('end', () => resolve(null)),
    )
    client.on('notification', ({ payload: text = '' }) => heard(text))
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
      listening = true
      for (const hearer of [...hearers.values()].flat()) hearer.missed()
      await lost
    } finally {
      listening = false
      await client.end().catch(() => undefined)
    }
  }

  async function run(): Promise<void> {
    let pauseMs = RECONNECT_MS.first
    while (!closing.signal.aborted) {
      const startedListening = await listen().then(
        () => true,
        (error: unknown) => {
          if (!closing.signal.aborted) log.warn({ err: error }, 'notices cannot be listened for')
          return false
        },
      )
      pauseMs = startedListening ? RECONNECT_MS.first : Math.min(RECONNECT_MS.most, pauseMs * 2)
      await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }

  return {
    open(): void {
      if (!closing.signal.aborted) running ??= run()
    },
    listening: () => listening,
    async close(): Promise<void> {
      closing.abort()
      await client?.end().catch(() => undefined)
      await running
    },
  }
}
