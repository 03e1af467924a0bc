import type { Brands } from '../brand/index.ts'
import { type Clock, parseInstant } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import { type DatabaseLook, lookAtDatabase } from '../platform/database-look.ts'
import type { Db } from '../platform/db.ts'
import { readFsck, readLoops } from '../platform/heartbeat.ts'
import { proveMasterKey } from '../platform/key-proof.ts'
import { missingMigrations } from '../platform/readiness.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const OLDEST_VERSION = 150_000
const BUSY_SHARE = 0.8
const SKEW_MS = { warn: 1_000, fail: 10_000 }
const WORKER_GONE_MS = 60_000
const LOOP_STUCK_MS = 2 * 3_600_000
const FSCK_OLD_MS = 7 * 24 * 3_600_000
/** Any other value answers before a commit is on disk. */
const DURABLE: Readonly<Record<string, readonly string[]>> = {
  fsync: ['on'],
  full_page_writes: ['on'],
  synchronous_commit: ['on', 'local', 'remote_write', 'remote_apply'],
}

/** The database itself: version, rights, durability, room for connections, and its clock. */
export async function examineDatabase(
  db: Db,
  clock: Clock,
): Promise<{ findings: Finding[]; look: DatabaseLook }> {
  const before = clock.instant()
  const look = await lookAtDatabase(db)
  const skewMs = Math.abs(look.nowMs - (before + clock.instant()) / 2)
  return { look, findings: [...ofServer(look), ...ofRights(look), ofSkew(skewMs), await ofMigrations(db)] }
}

function ofServer({ version, settings, connectionsUsed, connectionsMost }: DatabaseLook): Finding[] {
  const shown = `PostgreSQL ${Math.trunc(version / 10_000)}.${version % 10_000}`
  const unsafe = Object.entries(DURABLE).filter(([name, safe]) => !safe.includes(settings[name] ?? ''))
  const used = `${connectionsUsed} of ${connectionsMost} connections are used`
  return [
    version >= OLDEST_VERSION
      ? ok('database', `it answers: ${shown}`)
      : fail('database', `it is ${shown}`, 'Use PostgreSQL 15 or newer.'),
    unsafe.length === 0
      ? ok('database', 'commits are on disk before they are answered')
      : fail(
          'database',
          `${unsafe.map(([name]) => `${name} is ${settings[name]}`).join(', ')}: what was acknowledged can be lost`,
          `Set ${unsafe.map(([name]) => name).join(', ')} to on in postgresql.conf and reload.`,
        ),
    settings.data_checksums === 'on'
      ? ok('database', 'pages have checksums')
      : warn('database', 'pages have no checksums', 'Stop the server and run pg_checksums --enable.'),
    connectionsUsed < connectionsMost * BUSY_SHARE
      ? ok('database', used)
      : warn('database', used, 'Raise max_connections, or run fewer processes: each takes up to 17.'),
  ]
}

function ofRights({ role, superuser, changeable }: DatabaseLook): Finding[] {
  if (superuser) {
    const todo = 'Let DATABASE_URL name the role baohao_app, as docs/operating/run.md says.'
    return [
      fail(
        'database',
        `the role ${role} is a superuser: nothing keeps a fault from changing the books`,
        todo,
      ),
    ]
  }
  return [
    changeable.length === 0
      ? ok('database', `the role ${role} can add to the books and not change them`)
      : fail(
          'database',
          `the role ${role} may change what is only to be added to: ${changeable.join(', ')}`,
          `Revoke update and delete on them from ${role}, or let DATABASE_URL name baohao_app.`,
        ),
  ]
}

function ofSkew(skewMs: number): Finding {
  const says = `its clock and ours differ by ${Math.round(skewMs)} ms`
  const todo = 'Set both clocks by NTP.'
  return skewMs > SKEW_MS.fail
    ? fail('clock', says, todo)
    : skewMs > SKEW_MS.warn
      ? warn('clock', says, todo)
      : ok('clock', says)
}

async function ofMigrations(db: Db): Promise<Finding> {
  const missing = await missingMigrations(db)
  return missing === 0
    ? ok('database', 'every migration of this version is applied')
    : fail('database', `${missing} migrations are to be applied`, 'Run: baohao migrate')
}

/** Whether the key is the one this database is used with, and that business dates are today's in production. */
export async function examineKeysAndClock(
  db: Db,
  config: Config,
  clock: Clock,
  brands: Brands,
): Promise<Finding[]> {
  const proof = await proveMasterKey(db, config.masterKey)
  const key =
    proof === 'proved'
      ? ok('keys', 'the master key opens what this database has sealed')
      : proof === 'first'
        ? ok('keys', 'nothing is sealed yet; the first start takes this master key')
        : fail(
            'keys',
            'this is not the master key that this database is used with',
            'Bring back the original file. Merchants’ keys and unsent codes open with it alone.',
          )
  const moved = brands.all.filter(({ key: brand }) => clock.business(brand) - clock.instant() > SKEW_MS.warn)
  if (config.mode !== 'production' || moved.length === 0) return [key]
  const says = `business dates of ${moved.map((brand) => brand.key).join(', ')} run ahead of the calendar`
  return [key, fail('clock', says, 'This database was a demo. Begin production with an empty one.')]
}

/** Who works, which of its loops do not turn, and when the books were last proved. */
export async function examineWork(db: Db, clock: Clock): Promise<Finding[]> {
  const now = clock.instant()
  const loops = Object.entries(await readLoops(db)).map(([name, at]) => ({
    name,
    ageMs: now - parseInstant(at),
  }))
  const youngestMs = Math.min(...loops.map(({ ageMs }) => ageMs))
  const stuck = loops.filter(({ ageMs }) => ageMs > LOOP_STUCK_MS).map(({ name }) => name)
  const working =
    loops.length === 0
      ? warn('work', 'nobody has worked on this database yet', 'Start: baohao work')
      : youngestMs > WORKER_GONE_MS
        ? fail('work', `nobody has worked for ${inMinutes(youngestMs)}`, 'Start: baohao work')
        : ok('work', `somebody works; ${loops.length} loops turn`)
  const turning =
    stuck.length === 0 || youngestMs > WORKER_GONE_MS
      ? []
      : [
          warn(
            'work',
            `these have not ended well for hours: ${stuck.join(', ')}`,
            'Look for them in the log.',
          ),
        ]
  return [working, ...turning, await ofFsck(db, now)]
}

async function ofFsck(db: Db, now: number): Promise<Finding> {
  const last = await readFsck(db)
  if (!last) return warn('work', 'the books were never proved', 'Run: baohao fsck; then once a day.')
  const ageMs = now - parseInstant(last.at)
  if (last.violations > 0)
    return fail(
      'work',
      `fsck found ${last.violations} invariants broken`,
      'Run: baohao fsck, and read what it names.',
    )
  const says = `fsck found every invariant to hold ${inMinutes(ageMs)} ago`
  return ageMs > FSCK_OLD_MS ? warn('work', says, 'Run: baohao fsck; then once a day.') : ok('work', says)
}

function inMinutes(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
