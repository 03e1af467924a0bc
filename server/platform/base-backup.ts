import { createHash, type Hash } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import pg from 'pg'
import { readTar, tarEnd, tarHeader, tarPadding } from './tar.ts'

/**
 * A backup of the embedded database, taken while it runs: every file of the cluster as it is at that moment, with the write-ahead
 * log from before the first was read until after the last, so that PostgreSQL makes them one when it starts (PostgreSQL
 * documentation 25.3.4, "Making a Base Backup Using the Low Level API"). One gzipped tar; its last file is the manifest.
 */
export interface BackupManifest {
  readonly format: 1
  readonly program: string
  readonly postgres: string
  readonly takenAt: string
  /** By path, in the archive's order: bytes and SHA-256. */
  readonly files: Readonly<Record<string, { readonly size: number; readonly sha256: string }>>
}

/** The backup cannot be taken or used; the message says why and what to do. */
export class BackupError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BackupError'
  }
}

export const MANIFEST = 'manifest.json'
const CLUSTER = 'postgres/cluster'
const PIECE_BYTES = 256 * 1024

/** Contents that PostgreSQL makes anew when it starts; the directories themselves must be there. */
const EMPTIED = new Set([
  ...['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp'],
  'pg_subtrans',
])
const LEFT_OUT =
  /^(postmaster\.(pid|opts)|backup_label(\.old)?|tablespace_map|pg_internal\.init.*|pgsql_tmp.*)$/

export interface BackupSource {
  /** The superuser's. */
  readonly adminUrl: string
  /** PostgreSQL's data directory. */
  readonly cluster: string
  /** The superuser's password, without which the restored server lets nobody in. */
  readonly passwordFile: string
  readonly program: string
  readonly takenAt: string
}

/** Writes the backup to `file`, which appears under its name only when it is whole and read back. Mode 0600. */
export async function takeBackup(source: BackupSource, file: string): Promise<BackupManifest> {
  if (existsSync(file)) throw new BackupError(`${file} is there already; name another file.`)
  const draft = `${file}.part`
  rmSync(draft, { force: true })
  try {
    await pipeline(
      Readable.from(pack(source), { objectMode: false }),
      createGzip({ level: 1 }),
      createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true }),
    )
    const manifest = await readBackup(draft, async (_file, content) => {
      for await (const _ of content);
    })
    renameSync(draft, file)
    return manifest
  } finally {
    rmSync(draft, { force: true })
  }
}

/** One file that is packed, and how its checksum is kept. */
type Add = (path: string, mode: number, content: Buffer) => Buffer[]

async function* pack(source: BackupSource): AsyncGenerator<Buffer> {
  const files: Record<string, { size: number; sha256: string }> = {}
  const add: Add = (path, mode, content) => {
    files[path] = { size: content.length, sha256: createHash('sha256').update(content).digest('hex') }
    return [tarHeader({ path, mode, size: content.length }), content, tarPadding(content.length)]
  }
  const client = new pg.Client({ connectionString: source.adminUrl, application_name: 'baohao backup' })
  // An error that comes while no statement runs is told by the next one.
  client.on('error', () => undefined)
  await client.connect()
  try {
    // So that a checkpoint meanwhile keeps the log that is still to be copied; it goes with the session.
    const slot = `baohao_backup_${process.pid}`
    await client.query('select pg_create_physical_replication_slot($1, true, true)', [slot])
    const started = await client.query<{ wal: string }>(
      `select pg_walfile_name(pg_backup_start('baohao', true)) as wal`,
    )
    for (const path of clusterFiles(source.cluster)) yield* packFile(source.cluster, path, files)
    const stopped = await client.query<{ labelfile: string; wal: string }>(
      'select labelfile, pg_walfile_name(lsn) as wal from pg_backup_stop(false)',
    )
    const [{ labelfile, wal: last } = { labelfile: '', wal: '' }] = stopped.rows
    yield* add(`${CLUSTER}/backup_label`, 0o600, Buffer.from(labelfile))
    for (const path of walFiles(source.cluster, started.rows[0]?.wal ?? '', last)) {
      yield* packFile(source.cluster, path, files)
    }
    const version = await client.query<{ server_version: string }>('show server_version')
    yield* add('postgres/password', 0o600, await wholeFile(source.passwordFile))
    const manifest: BackupManifest = {
      ...{ format: 1, program: source.program, postgres: version.rows[0]?.server_version ?? '' },
      ...{ takenAt: source.takenAt, files },
    }
    yield* add(MANIFEST, 0o600, Buffer.from(JSON.stringify(manifest)))
    yield tarEnd
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function wholeFile(path: string): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of createReadStream(path)) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** Every file of the cluster by its path below it; a directory without any ends in `/`. */
function clusterFiles(cluster: string, below = ''): string[] {
  return readdirSync(join(cluster, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (LEFT_OUT.test(entry.name)) return []
    if (!entry.isDirectory()) return entry.isFile() ? [path] : []
    const inside = EMPTIED.has(path) ? [] : clusterFiles(cluster, path)
    return inside.length > 0 ? inside : [`${path}/`]
  })
}

/** Names of segments of one timeline rise with the log. */
function walFiles(cluster: string, first: string, last: string): string[] {
  return readdirSync(join(cluster, 'pg_wal'))
    .filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last)
    .sort()
    .map((name) => `pg_wal/${name}`)
}

/**
 * A file as long as it was when it was opened: what is written to it meanwhile is in the log too. One that is gone by now was
 * dropped, which the log tells as well.
 */
async function* packFile(
  cluster: string,
  path: string,
  files: Record<string, { size: number; sha256: string }>,
): AsyncGenerator<Buffer> {
  const name = `${CLUSTER}/${path}`
  if (path.endsWith('/')) {
    files[name] = { size: 0, sha256: createHash('sha256').digest('hex') }
    yield tarHeader({ path: name, mode: 0o700, size: 0 })
    return
  }
  const file = await open(join(cluster, path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  if (!file) return
  try {
    const { size } = await file.stat()
    const hash = createHash('sha256')
    yield tarHeader({ path: name, mode: 0o600, size })
    for (let at = 0; at < size; ) {
      const piece = Buffer.alloc(Math.min(PIECE_BYTES, size - at))
      const { bytesRead } = await file.read(piece, 0, piece.length, at)
      // Cut shorter meanwhile: the rest is zeros, and the log knows.
      const taken = bytesRead === 0 ? piece : piece.subarray(0, bytesRead)
      hash.update(taken)
      at += taken.length
      yield taken
    }
    files[name] = { size, sha256: hash.digest('hex') }
    yield tarPadding(size)
  } finally {
    await file.close()
  }
}

/** Gives each file but the manifest to `each`, and proves by it that all are there as they were packed. */
export async function readBackup(
  file: string,
  each: (
    file: { readonly path: string; readonly mode: number },
    content: AsyncIterable<Buffer>,
  ) => Promise<void>,
): Promise<BackupManifest> {
  if (!existsSync(file) || !statSync(file).isFile()) throw new BackupError(`There is no backup ${file}.`)
  const seen = new Map<string, string>()
  let manifest: BackupManifest | undefined
  try {
    const source = createReadStream(file).pipe(createGunzip())
    for await (const { path, mode, content } of readTar(source as AsyncIterable<Buffer>)) {
      const hash = createHash('sha256')
      if (path === MANIFEST) manifest = JSON.parse(await text(content)) as BackupManifest
      else {
        await each({ path, mode }, hashed(content, hash))
        seen.set(path, hash.digest('hex'))
      }
    }
  } catch (error) {
    if (error instanceof BackupError) throw error
    throw new BackupError(`${file} cannot be read: ${(error as Error).message}. Use another backup.`)
  }
  if (manifest?.format !== 1) throw new BackupError(`${file} has no manifest of a form this version knows.`)
  const wrong = Object.entries(manifest.files).find(([path, { sha256 }]) => seen.get(path) !== sha256)
  if (wrong || seen.size !== Object.keys(manifest.files).length) {
    throw new BackupError(`${file} is damaged at ${wrong?.[0] ?? 'a file that its manifest does not name'}.`)
  }
  return manifest
}

async function* hashed(content: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const piece of content) {
    hash.update(piece)
    yield piece
  }
}

async function text(content: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of content) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
