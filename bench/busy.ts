import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import { figures } from '../server/platform/figures.ts'

/** What a part cost and by what it was kept waiting. Other work on the machine shows in `idle`, and hardly in processor time. */
export interface Busy {
  /** How long one thing kept this process, over and above a look every millisecond. */
  readonly heldP99Ms: number
  readonly heldMaxMs: number
  /** The longest collection of garbage. */
  readonly collectedMaxMs: number
  /** Processor time. */
  readonly processMs: number
  readonly databaseMs: number
  /** The part of all processors' time that nobody wanted. */
  readonly idle: number
  /** By the batcher's name. */
  readonly batches: Readonly<Record<string, number>>
}

const LOOK_EVERY_MS = 1

/** Watches from now until the answer is called. `backend` is any process of the database. */
export function watchBusy(backend: number): () => Busy {
  const held = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS })
  let collectedMaxMs = 0
  const collecting = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collectedMaxMs = Math.max(collectedMaxMs, duration)
  })
  collecting.observe({ entryTypes: ['gc'] })
  const [own, database, machine, made] = [process.cpuUsage(), familyMs(backend), machineMs(), batches()]
  held.enable()
  return () => {
    held.disable()
    collecting.disconnect()
    const { user, system } = process.cpuUsage(own)
    const now = machineMs()
    const after = Object.entries(batches())
    return {
      heldP99Ms: tenths(held.percentile(99) / 1e6 - LOOK_EVERY_MS),
      heldMaxMs: tenths(held.max / 1e6 - LOOK_EVERY_MS),
      collectedMaxMs: tenths(collectedMaxMs),
      processMs: Math.round((user + system) / 1000),
      databaseMs: Math.round(familyMs(backend) - database),
      idle: Math.round(((now.idle - machine.idle) / (now.all - machine.all)) * 100) / 100,
      batches: Object.fromEntries(after.map(([name, count]) => [name, count - (made[name] ?? 0)])),
    }
  }
}

const tenths = (ms: number) => Math.round(ms * 10) / 10

function batches(): Record<string, number> {
  const lines = figures.text().matchAll(/^baohao_batch_size_count\{batcher="([^"]+)"\} (\d+)$/gm)
  return Object.fromEntries([...lines].map(([, name = '', count = '']) => [name, Number.parseInt(count, 10)]))
}

function machineMs(): { readonly idle: number; readonly all: number } {
  const times = cpus().map((cpu) => cpu.times)
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
  return { idle: sum(times.map(({ idle }) => idle)), all: sum(times.flatMap((time) => Object.values(time))) }
}

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10

interface Told {
  readonly parent: number
  readonly ownMs: number
  /** Of its children that have ended. */
  readonly endedMs: number
}

/** Source: proc(5), `/proc/pid/stat`; undefined when the process has just ended. */
function told(pid: number | string): Told | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const number = (at: number) => Number.parseInt(fields[at] ?? '', 10)
    const ms = (user: number, system: number) => (number(user) + number(system)) * TICK_MS
    return { parent: number(1), ownMs: ms(11, 12), endedMs: ms(13, 14) }
  } catch {
    return undefined
  }
}

/** Processor time so far of a process, its parent and all that the parent has begun. */
function familyMs(pid: number): number {
  const parent = told(pid)?.parent
  const head = parent === undefined ? undefined : told(parent)
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(told)
    .filter((process) => process?.parent === parent)
  return children.reduce((sum, child) => sum + (child?.ownMs ?? 0), (head?.ownMs ?? 0) + (head?.endedMs ?? 0))
}
