import type { Brands } from '../brand/index.ts'
import { type Channels, channelsFromEnv, probeEmail, probeSms } from '../messaging/index.ts'
import type { Config } from '../platform/config.ts'
import type { Env } from '../platform/config-settings.ts'
import type { DatabaseLook } from '../platform/database-look.ts'
import type { Log } from '../platform/log.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** How people and providers reach each brand, and how it reaches people. `connect`: log-in to SMSC and mail server is tried. */
export async function examineBrands(
  config: Config,
  env: Env,
  brands: Brands,
  { hosts }: Pick<DatabaseLook, 'hosts'>,
  connect: boolean,
  log: Log,
): Promise<Finding[]> {
  const keys = brands.all.map(({ key }) => key)
  if (keys.length === 0) return [warn('brands', 'there is no brand yet', 'Run: baohao brand create')]
  if (config.mode !== 'production') {
    return [ok('brands', `${keys.join(', ')} are the demo’s`), ok('channels', 'they lead to the sandbox')]
  }
  const findings = strays(env, keys)
  for (const key of keys) {
    findings.push(...reached(key, env, hosts[key] ?? 0), ...(await reaching(key, env, connect, log)))
  }
  return findings
}

/** Variables that speak of a brand there is none of. */
function strays(env: Env, keys: readonly string[]): Finding[] {
  const named = Object.keys(env).flatMap(
    (name) => /^BAOHAO_(?:ORIGIN|SMS|MAIL)_([A-Z0-9]+)$/.exec(name) ?? [],
  )
  const wrong = named.filter((name, i) => i % 2 === 1 && !keys.includes(name.toLowerCase()))
  return wrong.map((name) =>
    warn(
      'brands',
      `a variable speaks of the brand ${name.toLowerCase()}, which is not`,
      `There are: ${keys.join(', ')}.`,
    ),
  )
}

function reached(key: string, env: Env, hosts: number): Finding[] {
  const variable = `BAOHAO_ORIGIN_${key.toUpperCase()}`
  const origin = env[variable]
  return [
    hosts > 0
      ? ok('brands', `${key}: ${hosts} host names lead to it`)
      : fail(
          'brands',
          `${key}: no host name leads to it, so its pages answer 421`,
          `Run: baohao brand update --host`,
        ),
    origin?.startsWith('https://')
      ? ok('brands', `${key}: providers reach it at ${origin}`)
      : fail(
          'brands',
          `${key}: providers do not know where to reach it`,
          `Set ${variable} to its https:// origin.`,
        ),
  ]
}

async function reaching(key: string, env: Env, connect: boolean, log: Log): Promise<Finding[]> {
  const name = key.toUpperCase()
  let channels: Channels
  try {
    channels = channelsFromEnv(env, key)
  } catch (error) {
    return [
      fail('channels', `${key}: ${(error as Error).message}`, 'Write it as docs/operating/run.md says.'),
    ]
  }
  const { sms, email } = channels
  return [
    sms
      ? await tried(
          `${key}: SMS`,
          connect,
          () => probeSms(sms, log),
          `Look at BAOHAO_SMS_${name}, or ask the carrier.`,
        )
      : fail('channels', `${key}: no SMS; codes and messages wait and expire`, `Set BAOHAO_SMS_${name}.`),
    email
      ? await tried(`${key}: mail`, connect, () => probeEmail(email), `Look at BAOHAO_MAIL_${name}.`)
      : warn('channels', `${key}: no mail; it waits and expires`, `Set BAOHAO_MAIL_${name}.`),
  ]
}

async function tried(
  what: string,
  connect: boolean,
  probe: () => Promise<string | null>,
  todo: string,
): Promise<Finding> {
  if (!connect) return ok('channels', `${what} is set up; --connect tries it`)
  const failure = await probe()
  return failure === null
    ? ok('channels', `${what} lets us in`)
    : fail('channels', `${what}: ${failure}`, todo)
}
