import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Env, settingProblems } from './config-settings.ts'
import { makeSecretFile } from './secret-file.ts'

export type Mode = 'production' | 'demo' | 'test'

/** From the most that is written to nothing at all. */
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** Everything the process is told from outside, read and checked once. */
export interface Config {
  readonly mode: Mode
  /** Directory of the embedded database, keys and sandbox book; nothing is written elsewhere. */
  readonly dataDir: string
  /** Role `app` for serving; undefined: the embedded database is started. */
  readonly databaseUrl: string | undefined
  /** Role `owner` for migrations; needed with DATABASE_URL only by `baohao migrate` and `baohao brand`. */
  readonly databaseAdminUrl: string | undefined
  readonly host: string
  /** First listening port; in demo and test the brands listen on consecutive ports from here. */
  readonly port: number
  /** 32 bytes that seal secrets at rest and key the HMACs. */
  readonly masterKey: Buffer
  /** Public origins are https in production; demo and test speak http on loopback. */
  readonly secureOrigin: boolean
  readonly logLevel: string
  readonly failpoints: string
  /** Number of proxies in front whose X-Forwarded-For is believed. */
  readonly trustedProxies: number
  /** Where figures and health are told to whoever operates us; undefined: nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined
  /** A file in the form of the ECB's daily exchange rates that somebody keeps up to date; undefined: none is watched. */
  readonly ratesFile?: string | undefined
  /** How long `/readyz` says no before requests are turned away, so that a load balancer has looked again. */
  readonly drainSeconds: number
}

export class ConfigProblems extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((p) => `  - ${p}`).join('\n')}`)
    this.problems = problems
  }
}

/** Reads the environment; throws ConfigProblems naming everything that is wrong at once. */
export function readConfig(env: Env, cwd: string): Config {
  const problems: string[] = []
  const mode = env.BAOHAO_MODE ?? 'production'
  if (mode !== 'production' && mode !== 'demo' && mode !== 'test') {
    problems.push(`BAOHAO_MODE must be production, demo or test, not "${mode}"`)
  }
  // What is no mode is held to the rules of production, so that one look shows all there is to mend.
  const production = mode !== 'demo' && mode !== 'test'
  const dataDir = resolve(cwd, env.BAOHAO_DATA ?? '.data')
  const port = integer('PORT', env.PORT, { fallback: 3000, max: 65_535 }, problems)
  const trustedProxies = integer(
    'BAOHAO_TRUSTED_PROXIES',
    env.BAOHAO_TRUSTED_PROXIES,
    { fallback: 0, max: 100 },
    problems,
  )
  const drainSeconds = integer(
    'BAOHAO_DRAIN_SECONDS',
    env.BAOHAO_DRAIN_SECONDS,
    { fallback: 0, max: 300 },
    problems,
  )
  const metricsPort = env.BAOHAO_METRICS_PORT
    ? integer('BAOHAO_METRICS_PORT', env.BAOHAO_METRICS_PORT, { fallback: 0, max: 65_535 }, problems)
    : undefined
  const logLevel = env.BAOHAO_LOG ?? (mode === 'test' ? 'silent' : mode === 'demo' ? 'warn' : 'info')
  if (!LOG_LEVELS.includes(logLevel)) {
    const levels = `${LOG_LEVELS.slice(0, -1).join(', ')} or ${LOG_LEVELS.at(-1)}`
    problems.push(`BAOHAO_LOG must be ${levels}, not "${logLevel}"`)
  }
  if (production && env.FAILPOINT) problems.push('FAILPOINT is for tests and is refused in production')
  problems.push(...settingProblems(env))
  const masterKey = readMasterKey(env.BAOHAO_MASTER_KEY_FILE, production, dataDir, problems)
  if (problems.length > 0) throw new ConfigProblems(problems)
  return {
    mode: mode as Mode,
    dataDir,
    databaseUrl: env.DATABASE_URL,
    databaseAdminUrl: env.DATABASE_ADMIN_URL,
    host: env.HOST ?? '127.0.0.1',
    port,
    masterKey,
    secureOrigin: production,
    logLevel,
    failpoints: env.FAILPOINT ?? '',
    trustedProxies,
    metrics:
      metricsPort === undefined
        ? undefined
        : { host: env.BAOHAO_METRICS_HOST ?? '127.0.0.1', port: metricsPort },
    drainSeconds,
    ratesFile: env.BAOHAO_RATES_FILE ? resolve(cwd, env.BAOHAO_RATES_FILE) : undefined,
  }
}

function integer(
  name: string,
  text: string | undefined,
  { fallback, max }: { readonly fallback: number; readonly max: number },
  problems: string[],
): number {
  if (text === undefined) return fallback
  const value = /^\d{1,5}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN
  if (!(value <= max)) problems.push(`${name} must be a whole number up to ${max}, not "${text}"`)
  return value
}

/** The key file holds 64 hexadecimal digits. Demo and test make one, mode 0600, in the data directory. */
function readMasterKey(
  file: string | undefined,
  production: boolean,
  dataDir: string,
  problems: string[],
): Buffer {
  if (!file && production) {
    problems.push('BAOHAO_MASTER_KEY_FILE must name a file with 64 hexadecimal digits (openssl rand -hex 32)')
    return Buffer.alloc(32)
  }
  const path = file ?? join(dataDir, 'master-key')
  if (!file && !existsSync(path)) makeSecretFile(path, randomBytes(32).toString('hex'))
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
  } catch (error) {
    problems.push(`the master key file ${path} cannot be read: ${(error as Error).message}`)
    return Buffer.alloc(32)
  }
  if (!/^[0-9a-fA-F]{64}$/.test(text))
    problems.push(`the master key file ${path} must hold 64 hexadecimal digits`)
  return Buffer.from(text, 'hex')
}
