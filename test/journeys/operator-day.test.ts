import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stopEmbeddedPostgres } from '../../server/platform/embedded-postgres.ts'
import { strictly } from '../support/strictly.ts'

// The guide is the test: its blocks are run one after the other in one shell, as a reader would type them.
const ROOT = join(import.meta.dirname, '../..')
const guide = readFileSync(join(ROOT, 'docs/operating/first-day.md'), 'utf8')
const blocks = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block as string)

const directory = mkdtempSync(join(tmpdir(), 'baohao-first-day-'))
// Root's server runs as another user, who must be able to pass through.
chmodSync(directory, 0o711)
const outputs: string[] = []
let code: number | null = null
let errors = ''

/** A port that nobody has at this moment. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

const MARK = '=== the block is over ==='

beforeAll(async () => {
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  symlinkSync(join(ROOT, 'bin/baohao'), join(bin, 'baohao'))
  // What a block started and did not end must not outlive the shell.
  const script = ['set -eu', `trap 'kill $(jobs -p) 2>/dev/null || true' EXIT`]
  for (const block of blocks) script.push(block, `echo '${MARK}'`)
  const shell = spawn('bash', ['-c', script.join('\n')], {
    cwd: directory,
    env: {
      PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
      HOME: directory,
      ...strictly,
      TMPDIR: tmpdir(),
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      PORT: String(await freePort()),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  shell.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  code = await new Promise((resolve) => shell.once('close', resolve))
  outputs.push(...said.split(`${MARK}\n`))
}, 300_000)

afterAll(async () => {
  await stopEmbeddedPostgres(join(directory, 'first-day/data/postgres'))
  rmSync(directory, { recursive: true, force: true })
})

/** What the block with these words said. */
const saidBy = (words: string): string => {
  const at = blocks.findIndex((block) => block.includes(words))
  expect(at, `a block of the guide says ${words}`).toBeGreaterThanOrEqual(0)
  return outputs[at] ?? ''
}

describe('the first day, as the guide tells it', () => {
  test('runs to its end without a failing command', () => {
    expect({ code, errors: code === 0 ? '' : errors }).toEqual({ code: 0, errors: '' })
    expect(outputs).toHaveLength(blocks.length + 1)
  })

  test('makes the brand and its prices', () => {
    expect(saidBy('brand create')).toMatch(/The brand acme is made: \d+ migrations/)
    expect(saidBy('offer import')).toMatch(
      /\+ denomination 50 元话费 \/ CNY 50 credit: ¥49\.80[\s\S]*Version 1 is published/,
    )
  })

  test('brings the numbers in, says which row is wrong, and takes it once it is mended', () => {
    const imported = saidBy('--dry-run || true')
    expect(imported).toContain('4 opened: 3 active, 1 pre-active')
    expect(imported).toContain('1 rejected: 1 not-in-plan')
    expect(imported).toContain('6,"msisdn ""138 0013 8000"" is not in the number plan of acme",138 0013 8000')
    const again = saidBy('line import lines.rejects.csv')
    expect(again).toContain('1 opened: 1 active')
    expect(again).toContain('4 there already, with the same facts')
  })

  test('sells, once, and keeps the books', () => {
    const sale = JSON.parse(saidBy('sell() {'))
    expect(sale).toMatchObject({
      price: { amountMinor: '4980' },
      receiptNumber: expect.stringMatching(/^LK-1-0*1$/),
    })
    const again = saidBy('grep -i idempotency-replayed')
    expect(again).toContain(`"id":"${sale.id}"`)
    expect(again).toContain('float ¥951.20')
    expect(saidBy('kill "$SERVE"')).toMatch(/every invariant holds/)
  })
})
