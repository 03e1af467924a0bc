import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const cache = join(root, 'node_modules/.cache/baohao')

/** One thing that must pass: a program of node_modules with its arguments. */
export interface Step {
  readonly name: string
  readonly script: string
  readonly arguments: readonly string[]
}

export interface Counts {
  passed: number
  failed: number
}

const node = (name: string, script: string, ...args: string[]): Step => ({ name, script, arguments: args })

export const checkSteps: readonly Step[] = [
  node('types', 'node_modules/typescript/bin/tsc', '--noEmit'),
  node(
    'imports',
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config',
    '.dependency-cruiser.mjs',
    'contract',
    'server',
    'web',
    'sandbox',
    'i18n',
  ),
  node('dead code', 'node_modules/knip/bin/knip.js', '--no-progress'),
  node('format and lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
]

/** Runs a step; true when it passed. Its output is shown as it comes, or `whole`, when it has ended. */
async function runStep(
  { name, script, arguments: args }: Step,
  shown: 'as it comes' | 'whole',
): Promise<boolean> {
  const startedAt = performance.now()
  const stdio = shown === 'whole' ? 'pipe' : 'inherit'
  const child = spawn(process.execPath, [join(root, script), ...args], { cwd: root, stdio })
  const output: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => output.push(part))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  process.stdout.write(Buffer.concat(output))
  process.stdout.write(`${code === 0 ? 'ok' : 'FAILED'}: ${name} (${seconds} s)\n`)
  return code === 0
}

/** Each of these programs keeps one core busy. */
const AT_ONCE = 2

/** The check's own steps count as one test each; the longest is begun first. */
export async function runChecks(counts: Counts): Promise<void> {
  const waiting = checkSteps.values()
  const lane = async () => {
    for (const step of waiting) {
      if (await runStep(step, 'whole')) counts.passed++
      else counts.failed++
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numFailedTestSuites: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** Tests that may be skipped, each with its reason. Empty is how it should be. */
const MAY_BE_SKIPPED: Readonly<Record<string, string>> = {}

/** Runs projects of vitest.config.ts together and adds up their counts; a skipped test that is not listed counts as failed. */
export async function runTests(projects: readonly string[], counts: Counts): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const report = join(cache, `${projects.join('-')}.json`)
  await runStep(
    node(
      `${projects.join(', ')} tests`,
      'node_modules/vitest/vitest.mjs',
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ),
    'as it comes',
  )
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
  counts.passed += numPassedTests
  counts.failed += numFailedTests
  for (const file of testResults) {
    const skipped = file.assertionResults.filter(
      (test) => test.status !== 'passed' && test.status !== 'failed',
    )
    for (const { fullName } of skipped.filter((test) => !(test.fullName in MAY_BE_SKIPPED))) {
      process.stdout.write(`FAILED: skipped without a reason: ${file.name} ${fullName}\n`)
      counts.failed++
    }
    // A file that could not even be read has no test to fail.
    if (file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'))
      counts.failed++
  }
}

/** The last line, counted plainly, and the exit code. */
export function conclude(counts: Counts): void {
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`)
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1
}
