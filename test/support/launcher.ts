import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '../../server/platform/embedded-postgres.ts'

/** What a process of its own answered when it was told to start the embedded database. */
export interface Answer {
  readonly started?: {
    readonly adminUrl: string
    readonly dataDir: string
    readonly socketDir: string
    readonly adopted: boolean
  }
  readonly failure?: string
  readonly message?: string
  readonly lines: readonly string[]
}

export interface LauncherProcess {
  readonly answer: Answer
  kill(): Promise<void>
  stop(): Promise<string>
}

export interface ProcessOptions {
  /** Root of the source tree to run; by default the one this file is in. */
  readonly tree?: string
  readonly node?: string
  readonly uid?: number
}

const SOURCE = join(import.meta.dirname, '..', '..')
const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`

const PROGRAM = `
const [file, options] = process.argv.slice(1)
const { startEmbeddedPostgres } = await import(file)
const lines = []
const say = (answer) => process.stdout.write(JSON.stringify(answer) + '\\n')
try {
  const { stop, ...started } = await startEmbeddedPostgres({ ...JSON.parse(options), log: (line) => lines.push(line) })
  say({ started, lines })
  process.stdin.once('data', async () => say(await stop()))
} catch ({ failure, message }) {
  say({ failure, message, lines })
}
`

/** A directory for one test file's servers, and what it takes to start them here and in processes of their own. */
export class LauncherScratch {
  readonly directory: string
  #count = 0
  #dataDirs = new Set<string>()
  #children = new Set<ChildProcess>()
  #started: EmbeddedPostgres[] = []
  #made: Promise<string> | undefined
  #tree: string | undefined

  constructor() {
    this.directory = realpathSync(mkdtempSync(join(tmpdir(), 'baohao-launcher-')))
    // Root's server runs as another user, who must be able to pass through.
    chmodSync(this.directory, 0o711)
  }

  /** A path below the scratch directory that nothing has yet. */
  fresh(name = 'data'): string {
    this.#count += 1
    return join(this.directory, `${name}-${this.#count}`)
  }

  /** Without forcing commits to the disk and with little memory, for there are many servers. */
  options(options: EmbeddedPostgresOptions): EmbeddedPostgresOptions {
    this.#dataDirs.add(options.dataDir)
    const settings = { shared_buffers: '16MB', ...options.settings }
    return { fsync: false, reachableDir: join(this.directory, 'reachable'), ...options, settings }
  }

  async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const started = await startEmbeddedPostgres(this.options(options))
    this.#started.push(started)
    return started
  }

  async startProcess(options: EmbeddedPostgresOptions, as: ProcessOptions = {}): Promise<LauncherProcess> {
    const file = join(as.tree ?? SOURCE, 'server', 'platform', 'embedded-postgres.ts')
    const args = ['--input-type=module', '-e', PROGRAM, file, JSON.stringify(this.options(options))]
    const user = as.uid === undefined ? {} : { uid: as.uid, gid: as.uid }
    const child = spawn(as.node ?? process.execPath, args, {
      ...user,
      cwd: '/',
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    // A program that could not be run at all never ends.
    if (child.pid !== undefined) this.#children.add(child)
    const ended = once(child, 'exit').then(() => this.#children.delete(child))
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const answer = JSON.parse(String((await lines.next()).value)) as Answer
    return {
      answer,
      async kill() {
        child.kill('SIGKILL')
        await ended
      },
      async stop() {
        child.stdin.end('stop\n')
        const verdict = JSON.parse(String((await lines.next()).value)) as string
        await ended
        return verdict
      },
    }
  }

  /** A data directory with a stopped database in it; made once, then copied, which takes a tenth of the time. */
  async made(): Promise<string> {
    this.#made ??= (async () => {
      const dataDir = this.fresh('made')
      const { stop } = await startEmbeddedPostgres(this.options({ dataDir }))
      await stop()
      return dataDir
    })()
    const copy = this.fresh()
    execFileSync('cp', ['-a', await this.#made, copy])
    return copy
  }

  /** The launcher's source as a tree of its own, which every user may enter. */
  sources(): string {
    const tree = this.fresh('tree')
    mkdirSync(join(tree, 'server'), { recursive: true, mode: 0o755 })
    cpSync(join(SOURCE, 'server', 'platform'), join(tree, 'server', 'platform'), { recursive: true })
    writeFileSync(join(tree, 'package.json'), '{ "type": "module" }')
    return tree
  }

  /** The launcher's source with its binaries and a Node that every user may run; one tree for all callers. */
  tree(): Required<Pick<ProcessOptions, 'tree' | 'node'>> {
    this.#tree ??= this.sources()
    const node = join(this.#tree, 'node')
    if (!existsSync(node)) {
      const packageRoot = dirname(dirname(createRequire(import.meta.url).resolve(PACKAGE)))
      const options = { recursive: true, verbatimSymlinks: true }
      cpSync(packageRoot, join(this.#tree, 'node_modules', PACKAGE), options)
      copyFileSync(process.execPath, node, constants.COPYFILE_FICLONE)
    }
    return { tree: this.#tree, node }
  }

  /** Kills the processes started here, also those that did not answer yet. */
  async killProcesses(): Promise<void> {
    for (const child of this.#children) {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
  }

  /** Ends every process and server this scratch directory saw. */
  async endAll(): Promise<void> {
    await this.killProcesses()
    for (const started of this.#started.splice(0)) await started.stop()
    for (const dataDir of this.#dataDirs) await stopEmbeddedPostgres(dataDir)
    this.#dataDirs.clear()
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }
}
