import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, statfsSync, statSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { monotonicMs } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { Env } from '../platform/config-settings.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const GIGABYTE = 1e9
const LEAST_FREE_BYTES = GIGABYTE
const COMFORTABLE_FREE_BYTES = 5 * GIGABYTE
/** A commit waits for the disk this long; beyond it every answer is slow. */
const SLOW_SYNC_MS = 50
const HEALTH_MS = 1_000

/** Space where the data is, and whether something written there reaches the disk. */
export async function lookAtDisk({ dataDir }: Config): Promise<Finding[]> {
  try {
    mkdirSync(dataDir, { recursive: true })
    const { bavail, bsize } = statfsSync(dataDir)
    const free = bavail * bsize
    const gigabytes = `${(free / GIGABYTE).toLocaleString('en', { maximumFractionDigits: 1 })} GB free`
    const says = `${dataDir} has ${gigabytes}`
    const space =
      free < LEAST_FREE_BYTES
        ? fail('disk', says, 'Free some space now: the database stops when the disk is full.')
        : free < COMFORTABLE_FREE_BYTES
          ? warn('disk', says, 'Free some space, or move the data directory to a larger disk.')
          : ok('disk', says)
    return [space, await writeTest(dataDir)]
  } catch (error) {
    const says = `${dataDir} cannot be written to: ${(error as Error).message}`
    return [fail('disk', says, 'Give the program’s user the directory, or set BAOHAO_DATA to another one.')]
  }
}

async function writeTest(dataDir: string): Promise<Finding> {
  const path = join(dataDir, `doctor-${randomUUID()}`)
  const file = await open(path, 'wx', 0o600)
  try {
    const startedAt = monotonicMs()
    await file.writeFile(Buffer.alloc(8_192))
    await file.datasync()
    const ms = monotonicMs() - startedAt
    const says = `8 KB reach the disk in ${ms.toLocaleString('en', { maximumFractionDigits: 1 })} ms`
    return ms > SLOW_SYNC_MS
      ? warn(
          'disk',
          says,
          'Every commit waits for this. Look for what else uses the disk, or use a faster one.',
        )
      : ok('disk', says)
  } finally {
    await file.close()
    await rm(path, { force: true })
  }
}

/** The file of the master key; whether it is the right one the database knows. */
export function lookAtKeyFile(config: Config, env: Env): Finding[] {
  const path = env.BAOHAO_MASTER_KEY_FILE ?? join(config.dataDir, 'master-key')
  const others = statSync(path).mode & 0o077
  const says = `the master key is in ${path}, mode ${(statSync(path).mode & 0o777).toString(8)}`
  return [
    others === 0 ? ok('keys', says) : fail('keys', `${says}: others can read it`, `Run: chmod 600 ${path}`),
  ]
}

/** Whether the ports can be listened on, or are a running program of ours. */
export async function lookAtPorts(config: Config, brands: number): Promise<Finding[]> {
  const count = config.mode === 'production' ? 1 : Math.max(1, brands)
  const wanted = Array.from({ length: count }, (_, i) => ({
    host: config.host,
    port: config.port + i,
    of: 'PORT',
  }))
  if (config.metrics) wanted.push({ ...config.metrics, of: 'BAOHAO_METRICS_PORT' })
  return await Promise.all(wanted.map(lookAtPort))
}

async function lookAtPort({ host, port, of }: { host: string; port: number; of: string }): Promise<Finding> {
  const taken = await cannotListen(host, port)
  if (taken === undefined) return ok('ports', `${host}:${port} is free`)
  const answer = await fetch(`http://${host}:${port}/healthz`, { signal: AbortSignal.timeout(HEALTH_MS) })
    .then(async (response) => (await response.json()) as { status?: string })
    .catch(() => ({ status: undefined }))
  if (answer.status === 'ok') return ok('ports', `${host}:${port} is answered by a running baohao`)
  const says = `${host}:${port} cannot be listened on: ${taken}`
  return fail('ports', says, `End the program that uses it, or set ${of} to another number.`)
}

async function cannotListen(host: string, port: number): Promise<string | undefined> {
  const server = createServer()
  return await new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

/** Time zone data of the machine, for every brand's zone. */
export function lookAtZones(zones: readonly string[]): Finding[] {
  const unknown = [...new Set(zones)].filter((zone) => !knowsZone(zone))
  if (unknown.length === 0)
    return [ok('clock', `the time zones of all brands are known (${process.versions.tz})`)]
  const says = `no data for the time zones ${unknown.join(', ')}`
  return [fail('clock', says, 'Use the Node that comes with the package: it has all of them.')]
}

function knowsZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** The embedded database of a data directory that was never started is made by looking; say so instead. */
export function hasDatabase({ databaseUrl, dataDir }: Config): boolean {
  return databaseUrl !== undefined || existsSync(join(dataDir, 'postgres', 'cluster'))
}
