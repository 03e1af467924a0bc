import { readdirSync, readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { figures } from './figures.ts'

/** The usual figures of a process, under the names Prometheus's own clients give them. Called once, by whoever tells figures. */
export function watchProcess(nowMs: number): void {
  const cpu = figures.counter('process_cpu_seconds_total', 'Processor time used, user and system.')
  const memory = figures.gauge('process_resident_memory_bytes', 'Memory held.')
  const heap = figures.gauge('nodejs_heap_size_used_bytes', 'JavaScript heap in use.')
  const files = figures.gauge('process_open_fds', 'Open files and sockets.')
  const lag = figures.gauge('nodejs_eventloop_lag_seconds', 'Event loop delay since the last telling.', [
    'quantile',
  ])
  const started = figures.gauge('process_start_time_seconds', 'Start of the process since 1970.')
  const version = figures.gauge('baohao_build_info', 'Versions; always 1.', ['version', 'node'])
  started.of().set(Math.round(nowMs / 1000 - process.uptime()))
  version.of(ownVersion(), process.version).set(1)
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  let told = 0
  figures.beforeTelling(() => {
    const { user, system } = process.cpuUsage()
    const used = (user + system) / 1e6
    cpu.of().add(used - told)
    told = used
    memory.of().set(process.memoryUsage.rss())
    heap.of().set(process.memoryUsage().heapUsed)
    files.of().set(openFiles())
    for (const quantile of [50, 99, 100]) {
      lag.of(String(quantile / 100)).set((delay.percentile(quantile) || 0) / 1e9)
    }
    delay.reset()
  })
}

/** Linux alone tells; elsewhere 0. */
function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}

export function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
