import { fork } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildWeb } from './build-web.ts'

// `npm start`: the whole demo from one command. The pages are built beside the database's start; the address is printed once
// its page answers, and Ctrl-C leaves nothing running.

const root = join(import.meta.dirname, '..')
const main = join(root, 'server/main.ts')
const PAGE_PATIENCE_MS = 60_000

const say = (line: string) => void process.stdout.write(`${line}\n`)

/** What goes on behind the first page: one line that is written anew, where the terminal can; else only its end. */
function progress(line: string): void {
  const done = line.endsWith('100 %')
  if (process.stdout.isTTY) process.stdout.write(`\r  ${line}${done ? '\n' : ''}`)
  else if (done) say(`  ${line}`)
}

/** Resolves when the address answers with the page itself. */
async function pageAnswers(address: string): Promise<void> {
  const until = performance.now() + PAGE_PATIENCE_MS
  while (performance.now() < until) {
    const answer = await fetch(address).catch(() => undefined)
    if (answer?.ok && (await answer.text()).includes('id="root"')) return
    await sleep(50)
  }
  throw new Error(`${address} does not answer with a page`)
}

const startedAt = performance.now()
say('Baohao starts: database, demo brands, sandbox and pages …')
const env = { ...process.env, BAOHAO_MODE: process.env.BAOHAO_MODE ?? 'demo' }
const server = fork(main, ['serve'], {
  cwd: root,
  env,
  execPath: process.execPath,
  // A demo has memory to spare for other programs, and no load: what dies young is kept small, some 25 MB less.
  execArgv: ['--max-semi-space-size=8'],
  stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
})
const ended = new Promise<number>((resolve) =>
  server.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0))),
)
let ending = false
// The terminal sends Ctrl-C to the server too; another signal comes to us alone.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (!ending) say('\nBaohao ends …')
    ending = true
    server.kill('SIGTERM')
  })
}

const addresses: string[] = []
if (server.stdout)
  createInterface({ input: server.stdout }).on('line', (line) => {
    if (line.startsWith('http')) addresses.push(line)
    else
      void up.then(
        () => progress(line),
        () => undefined,
      )
  })
const ready = new Promise<void>((resolve) => server.once('message', () => resolve()))

const up = Promise.all([buildWeb(), ready]).then(async () => {
  await Promise.all(addresses.map(pageAnswers))
  const seconds = ((performance.now() - startedAt) / 1000).toLocaleString('en', { maximumFractionDigits: 1 })
  say(`Ready in ${seconds} s:`)
  const [laika, harbour] = addresses
  say(`  ${laika}   莱卡保号卡（演示）   top up 154 0000 1000`)
  say(`  ${harbour}   Harbour Mobile (demo)   top up 07700 900000`)
  say('  http://127.0.0.1:4000   the sandbox: wallet, handsets (SMS codes arrive there), mailboxes')
  say('  http://127.0.0.1:4000/guide   who can log in, and what to try')
  say('Ctrl-C ends everything.')
})
up.catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  server.kill('SIGTERM')
})

const code = await ended
process.exitCode = ending ? 0 : code
