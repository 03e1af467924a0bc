import { type Brands, loadBrands } from '../brand/index.ts'
import { createClock } from '../platform/clock.ts'
import { readOffsets } from '../platform/clock-offset.ts'
import type { Config } from '../platform/config.ts'
import type { Env } from '../platform/config-settings.ts'
import { createLog } from '../platform/log.ts'
import type { Say } from '../serve.ts'
import { withDatabase } from './command-database.ts'
import { examineBrands } from './doctor-brands.ts'
import { examineDatabase, examineKeysAndClock, examineWork } from './doctor-database.ts'
import { hasDatabase, lookAtDisk, lookAtKeyFile, lookAtPorts, lookAtZones } from './doctor-machine.ts'
import { explain } from './explain.ts'
import { type Finding, fail } from './finding.ts'

export interface DoctorOptions {
  readonly json?: true
  readonly connect?: true
}

/** `baohao doctor`: what is well, what is not and what to do; true unless something fails. Changes nothing. */
export async function doctorCommand(
  config: Config,
  env: Env,
  options: DoctorOptions,
  say: Say,
): Promise<boolean> {
  const findings = await examine(config, env, options.connect === true)
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length
  const [oks, warns, fails] = [count('ok'), count('warn'), count('fail')]
  if (options.json) say(JSON.stringify({ ok: oks, warn: warns, fail: fails, findings }))
  else {
    for (const { area, state, says, todo } of findings) {
      say(`${state.padEnd(4)}  ${area.padEnd(8)}  ${says}`)
      if (todo) say(`${' '.repeat(16)}→ ${todo}`)
    }
    say(`${oks} ok, ${warns} to look at, ${fails} to mend.`)
  }
  return fails === 0
}

async function examine(config: Config, env: Env, connect: boolean): Promise<Finding[]> {
  const machine = [...(await lookAtDisk(config)), ...lookAtKeyFile(config, env)]
  if (!hasDatabase(config)) {
    const says = `there is no database in ${config.dataDir} yet`
    const none = fail('database', says, 'Start baohao serve once, or set DATABASE_URL.')
    return [none, ...machine, ...(await lookAtPorts(config, 0))]
  }
  try {
    return [...(await examineAll(config, env, connect, machine))]
  } catch (error) {
    const todo = 'Start it, and run baohao doctor again.'
    return [fail('database', explain(error), todo), ...machine, ...(await lookAtPorts(config, 0))]
  }
}

async function examineAll(
  config: Config,
  env: Env,
  connect: boolean,
  machine: readonly Finding[],
): Promise<Finding[]> {
  return await withDatabase(config, async (db) => {
    const clock = createClock()
    const { findings, look } = await examineDatabase(db, clock)
    await readOffsets(db, clock)
    const brands: Brands = await loadBrands(db)
    return [
      ...findings,
      ...machine,
      ...(await examineKeysAndClock(db, config, clock, brands)),
      ...lookAtZones(brands.all.map(({ zone }) => zone)),
      ...(await lookAtPorts(config, brands.all.length)),
      ...(await examineBrands(config, env, brands, look, connect, createLog(config.logLevel))),
      ...(await examineWork(db, clock)),
    ]
  })
}
