import { loadBrands } from '../brand/index.ts'
import { everyCheck, fsck, type Violation } from '../fsck.ts'
import { createClock, monotonicMs } from '../platform/clock.ts'
import { readOffsets } from '../platform/clock-offset.ts'
import type { Config } from '../platform/config.ts'
import { writeFsck } from '../platform/heartbeat.ts'
import { presetOf } from '../policy/index.ts'
import type { Say } from '../serve.ts'
import { withDatabase } from './command-database.ts'
import { jsonText } from './json-text.ts'

/** `baohao fsck`: true when every invariant of every brand holds. */
export async function fsckCommand(config: Config, json: boolean, say: Say): Promise<boolean> {
  return await withDatabase(config, async (db) => {
    const startedAt = monotonicMs()
    const clock = createClock()
    await readOffsets(db, clock)
    const brands = await loadBrands(db)
    const keys = brands.all.map((brand) => brand.key)
    const checks = everyCheck({ clock, brands, policyOf: presetOf })
    const violations = await fsck(db, keys, checks)
    await writeFsck(db, clock, violations.length)
    const seconds = (monotonicMs() - startedAt) / 1000
    if (json) say(jsonText({ brands: keys, checks: checks.length, violations }))
    else describe(violations, `${keys.join(', ')}: ${checks.length} checks each in ${inWords(seconds)}`, say)
    return violations.length === 0
  })
}

function describe(violations: readonly Violation[], work: string, say: Say): void {
  for (const { brand, id, sentence, rows, count } of violations) {
    say(`${brand} ${id} does not hold: ${sentence}`)
    for (const row of rows) say(`    ${jsonText(row)}`)
    if (count > rows.length) say(`    and ${count - rows.length} more`)
  }
  const verdict = violations.length === 0 ? 'every invariant holds' : `${violations.length} do not hold`
  say(`${work}, ${verdict}.`)
}

function inWords(seconds: number): string {
  return `${seconds.toLocaleString('en', { maximumFractionDigits: 1 })} s`
}
