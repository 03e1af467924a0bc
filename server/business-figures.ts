import { setTimeout as sleep } from 'node:timers/promises'
import { bankStatementFigures } from './bank-statement/index.ts'
import type { Brand } from './brand/index.ts'
import { dealerFigures } from './dealer/index.ts'
import { lineFigures } from './line/index.ts'
import { messagingFigures } from './messaging/index.ts'
import { paymentFigures } from './payment/index.ts'
import { type BusinessFigure, readFigure } from './platform/business-figure.ts'
import { type Clock, isoInstant, monotonicMs } from './platform/clock.ts'
import { createDb, type Db } from './platform/db.ts'
import { createFigures, figures } from './platform/figures.ts'
import type { Log } from './platform/log.ts'
import { dayAt, formatDay } from './policy/index.ts'
import { reconciliationFigures } from './reconciliation/index.ts'
import { topUpFigures } from './topup/index.ts'
import { workItemFigures } from './work-item/index.ts'

const everyFigure: readonly BusinessFigure[] = [
  ...topUpFigures,
  ...paymentFigures,
  ...messagingFigures,
  ...dealerFigures,
  ...lineFigures,
  ...reconciliationFigures,
  ...workItemFigures,
  ...bankStatementFigures,
]

/** However often we are asked, the database is asked this seldom. */
const FRESH_MS = 15_000
/** Whoever asks waits no longer than this; what is found later is told next time. */
const PATIENCE_MS = 5_000

const failed = figures.counter(
  'baohao_business_figures_failed_total',
  'Business figures that could not be read.',
  ['figure'],
)

/** The figures of every brand's business, in the text format of Prometheus. */
export interface BusinessFigures {
  /** Never older than 15 s unless the database does not answer in time; '' until it has answered once. */
  text(): Promise<string>
  close(): Promise<void>
}

export interface BusinessFiguresDeps {
  readonly url: string
  readonly clock: Clock
  readonly log: Log
  readonly brands: readonly Brand[]
}

/** Reads over a connection of its own, so that telling figures takes nothing from serving. */
export function createBusinessFigures({ url, clock, log, brands }: BusinessFiguresDeps): BusinessFigures {
  const db = createDb({ url, connections: 1, log, applicationName: 'baohao figures' })
  let told = ''
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined

  async function read(): Promise<void> {
    try {
      told = await readAll(db, clock, log, brands)
      readAt = monotonicMs()
    } finally {
      reading = undefined
    }
  }

  return {
    async text() {
      if (monotonicMs() - readAt < FRESH_MS) return told
      reading ??= read()
      const late = new AbortController()
      await Promise.race([
        reading.catch((error: unknown) => log.warn({ err: error }, 'business figures could not be read')),
        sleep(PATIENCE_MS, undefined, { signal: late.signal }).catch(() => undefined),
      ])
      late.abort()
      return told
    },
    async close() {
      await reading?.catch(() => undefined)
      await db.close()
    },
  }
}

async function readAll(db: Db, clock: Clock, log: Log, brands: readonly Brand[]): Promise<string> {
  const book = createFigures()
  for (const { name, help, labels, sql, values } of everyFigure) {
    const family = book.gauge(name, help, ['brand', ...labels])
    for (const brand of brands) {
      const today = formatDay(dayAt(clock.business(brand.key), brand.zone))
      const parameters = values.map((value) =>
        value === 'now' ? isoInstant(clock.instant()) : value === 'today' ? today : value.json,
      )
      // A figure that takes too long, or asks for what is not there, must not keep the others from being told.
      const rows = await readFigure(db, brand.key, { sql }, parameters).catch((error: unknown) => {
        failed.of(name).add()
        log.warn({ err: error, brand: brand.key, figure: name }, 'a business figure could not be read')
        return []
      })
      for (const row of rows) {
        family.of(brand.key, ...labels.map((label) => String(row[label]))).set(row.value as number)
      }
    }
  }
  return book.text()
}
