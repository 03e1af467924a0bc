import { readFile } from 'node:fs/promises'
import {
  brandPresets,
  brandProblems,
  factChanges,
  isHost,
  readBrand,
  readBrands,
  readHosts,
  updateBrand,
} from '../brand/index.ts'
import { migrateBrands, openBooks } from '../new-brand.ts'
import { writeAudit } from '../platform/audit.ts'
import { createClock } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { Db } from '../platform/db.ts'
import { migrate } from '../platform/migrate.ts'
import { presets } from '../policy/index.ts'
import type { Say } from '../serve.ts'
import { withDatabase } from './command-database.ts'
import { operator } from './operator.ts'
import { CommandRefused, listed, UsageError } from './usage.ts'

export interface BrandOptions {
  readonly host?: readonly string[]
}

interface BrandFile {
  readonly key: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** `baohao brand template`: a whole file to begin with. */
export function brandTemplateCommand(like: string, say: Say): void {
  const preset = brandPresets.find(({ key }) => key === like)
  if (!preset) {
    const keys = brandPresets.map(({ key }) => key).join(' or ')
    throw new UsageError(`--like is ${keys}, not "${like}".`)
  }
  say(JSON.stringify({ key: 'acme', ...(preset.facts as object) }, null, 2))
}

/** `baohao brand create FILE`: schemas, books and hosts of a new brand; run again with the same file it adds what is missing. */
export async function brandCreateCommand(
  config: Config,
  file: string,
  options: BrandOptions,
  say: Say,
): Promise<void> {
  const hosts = readHostOptions(options.host)
  const { key, facts } = await readBrandFile(file)
  await withOwner(config, async (db, ownerUrl) => {
    await migrate(ownerUrl, [])
    const known = (await readBrands(db.platform)).find((brand) => brand.key === key)
    const changes = known ? factChanges(known.facts, facts) : []
    if (changes.length > 0)
      throw new CommandRefused(
        listed(
          `The brand ${key} is here already, with other facts. What may change is changed by: baohao brand update ${file}`,
          changes.map(
            ({ path, was, is }) => `${path}: is ${was ?? 'not there'}, in the file ${is ?? 'not there'}`,
          ),
        ),
      )
    await refuseTakenHosts(db, key, hosts)
    const applied = await migrateBrands(ownerUrl, [{ key, facts }])
    await updateBrand(ownerUrl, key, { hosts })
    await openBooks(db, createClock(), readBrand(key, facts))
    if (!known) await audit(db, key, 'brand created', { hosts })
    const added = hosts.length > 0 ? ` It is reached at ${hosts.join(', ')}.` : ''
    if (known) say(`The brand ${key} is here already, with these facts. Nothing to do but its hosts.${added}`)
    else
      say(
        `The brand ${key} is made: ${applied.filter((each) => each.startsWith(`${key}/`)).length} migrations, its books are open.${added}`,
      )
    for (const line of nextSteps(key, hosts.length > 0 || known !== undefined)) say(line)
  })
}

/** `baohao brand update FILE`: changes the facts that may change. */
export async function brandUpdateCommand(
  config: Config,
  file: string,
  options: BrandOptions,
  say: Say,
): Promise<void> {
  const hosts = readHostOptions(options.host)
  const { key, facts } = await readBrandFile(file)
  await withOwner(config, async (db, ownerUrl) => {
    const known = (await readBrands(db.platform)).find((brand) => brand.key === key)
    if (!known) throw new CommandRefused(`There is no brand ${key} yet: baohao brand create ${file}`)
    const changes = factChanges(known.facts, facts)
    const fixed = changes.filter((change) => !change.mayChange)
    if (fixed.length > 0)
      throw new CommandRefused(
        listed(
          `Nothing was changed. These facts of ${key} stay as they are: money, receipts and lines were made by them.`,
          fixed.map(
            ({ path, was, is }) => `${path}: is ${was ?? 'not there'}, in the file ${is ?? 'not there'}`,
          ),
        ),
      )
    await refuseTakenHosts(db, key, hosts)
    await updateBrand(ownerUrl, key, { facts, hosts })
    if (changes.length > 0)
      await audit(db, key, 'brand updated', { changed: changes.map(({ path }) => path), hosts })
    for (const { path, was, is } of changes)
      say(`${path}: was ${was ?? 'not there'}, is ${is ?? 'not there'}`)
    say(
      changes.length === 0
        ? `Nothing of ${key} has changed.`
        : 'Processes that run see it when they start again: serve and work.',
    )
  })
}

/** `baohao brand list`. */
export async function brandListCommand(config: Config, json: boolean, say: Say): Promise<void> {
  await withDatabase(config, async (db) => {
    const [brands, hosts] = await Promise.all([readBrands(db.platform), readHosts(db.platform)])
    const rows = brands.map(({ key, facts }) => {
      const { name, currency, policy } = readBrand(key, facts)
      return {
        key,
        name,
        currency,
        policy,
        hosts: hosts.filter((row) => row.brand === key).map((row) => row.host),
      }
    })
    if (json) say(JSON.stringify(rows))
    else if (rows.length === 0) say('There is no brand yet: baohao brand create.')
    else
      for (const { key, name, currency, policy, hosts: at } of rows)
        say(
          `${key}  ${name.en}  ${currency}  ${policy.preset} ${policy.version}  ${at.join(', ') || 'no host'}`,
        )
  })
}

/** Reads the file and checks all of it; every problem is named at once. */
async function readBrandFile(file: string): Promise<BrandFile> {
  const text = await readFile(file, 'utf8')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new CommandRefused(`${file} is not JSON: ${(error as Error).message}`)
  }
  const { key, ...facts } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>
  const problems = [...brandProblems(key, facts), ...policyProblems(facts)]
  if (problems.length > 0) throw new CommandRefused(listed(`${file} does not describe a brand:`, problems))
  return { key: key as string, facts }
}

function policyProblems({ policy, currency }: Readonly<Record<string, unknown>>): string[] {
  const { preset, version } = (policy ?? {}) as { preset?: unknown; version?: unknown }
  if (typeof preset !== 'string' || typeof version !== 'number') return []
  const found = presets.find((each) => each.id === preset && each.version === version)
  if (!found) {
    const known = presets.map((each) => `${each.id} ${each.version}`).join(', ')
    return [`/policy: there is no policy ${preset} ${version}; there are ${known}`]
  }
  return found.currency === currency
    ? []
    : [
        `/policy: the amounts of ${preset} are in ${found.currency}, those of the brand in ${String(currency)}`,
      ]
}

function readHostOptions(hosts: readonly string[] = []): readonly string[] {
  const lower = hosts.map((host) => host.toLowerCase())
  const wrong = lower.filter((host) => !isHost(host))
  if (wrong.length === 0) return lower
  throw new UsageError(
    `--host is a name such as pay.example.com, without scheme and port, not "${wrong.join('", "')}".`,
  )
}

async function refuseTakenHosts(db: Db, key: string, hosts: readonly string[]): Promise<void> {
  const taken = (await readHosts(db.platform)).filter((row) => hosts.includes(row.host) && row.brand !== key)
  if (taken.length === 0) return
  throw new CommandRefused(
    listed(
      'Nothing was changed: a host leads to one brand.',
      taken.map(({ host, brand }) => `${host} leads to ${brand}`),
    ),
  )
}

async function withOwner(config: Config, work: (db: Db, ownerUrl: string) => Promise<void>): Promise<void> {
  await withDatabase(config, async (db, ownerUrl) => {
    if (ownerUrl === '')
      throw new CommandRefused('Set DATABASE_ADMIN_URL to the owner of the database, who may create tables.')
    await work(db, ownerUrl)
  })
}

async function audit(
  db: Db,
  key: string,
  act: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const entry = { actor: operator(), act, subject: key, detail }
  await db.of(key).tx((tx) => writeAudit(tx, entry, createClock().instant()))
}

function nextSteps(key: string, hosted: boolean): string[] {
  const name = key.toUpperCase()
  return [
    'What comes next:',
    ...(hosted ? [] : [`  - where people reach it:  baohao brand create FILE --host pay.example.com`]),
    `  - what it sells:          baohao offer import prices.json --brand ${key} --from DATE`,
    `  - its numbers:            baohao line import lines.csv --brand ${key} --dry-run`,
    `  - who sells for it:       baohao dealer create --brand ${key} --name NAME --commission-bp 200`,
    `  - how it speaks:          BAOHAO_ORIGIN_${name}, BAOHAO_SMS_${name}, BAOHAO_MAIL_${name}`,
    '  - then start serve and work again: they read brands when they start.',
  ]
}
