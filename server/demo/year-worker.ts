import { once } from 'node:events'
import { loadBrands } from '../brand/index.ts'
import { createDb } from '../platform/db.ts'
import { createLog } from '../platform/log.ts'
import { dayAt } from '../policy/index.ts'
import { midnights } from './days.ts'
import type { DemoBrand } from './habits.ts'
import { livePart } from './live-part.ts'
import { planPart, YEAR_DAYS } from './part.ts'
import { createPastClock, roomsOfThePast } from './past.ts'
import type { FromWorker, PartAsked } from './year.ts'

/*
 * Lives one part of a brand's year, in one transaction and in a process of its own: ids of the past are made in order, which
 * they could not be where one of today has been made, and the memory it takes goes back with it.
 */

process.once('disconnect', () => process.kill(process.pid))
const [asked] = (await once(process, 'message')) as [PartAsked]
const { databaseUrl, brandKey, part: name, nowMs, offsetMs } = asked
const say = (message: FromWorker) => process.send?.(message)

const log = createLog('warn')
const db = createDb({ url: databaseUrl, connections: 2, log, applicationName: `baohao year of ${brandKey}` })
try {
  const brands = await loadBrands(db)
  const brand = brands.get(brandKey)
  const today = dayAt(nowMs + offsetMs, brand.zone)
  const endsAtMs = (midnights(brand.zone, today, today).get(today) as number) - offsetMs
  const clock = createPastClock(0, brandKey, offsetMs)
  const part = planPart(brandKey as DemoBrand, name, today)
  const lived = await db.of(brandKey).tx((tx) => {
    const past = roomsOfThePast(tx, { brands, brand, clock, log, endsAtMs })
    const days = { from: today - YEAR_DAYS, today }
    return livePart(past, part, days, (done) => say({ share: done / YEAR_DAYS }))
  })
  say({ lived })
} finally {
  await db.close()
  process.removeAllListeners('disconnect')
  process.disconnect()
}
