import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'vitest'
import { strictly } from './strictly.ts'

/** `baohao` as a process of its own, with what it has said so far. */
export interface Program {
  readonly child: ChildProcess
  /** Where it serves, once it does. */
  address(): Promise<string>
  /** Where it tells figures and health. */
  operatorAddress(): Promise<string>
  /** The lines of its log, which are JSON. */
  log(): string
  kill(signal: NodeJS.Signals): void
  /** Its exit code, or the signal that ended it. */
  ended(): Promise<number | NodeJS.Signals | null>
}

const MAIN = join(import.meta.dirname, '../../server/main.ts')
const PATIENCE = { timeout: 60_000, interval: 50 }

/** In production mode, with figures told at a port of its own; only the variables given, and the path. */
export function startProgram(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Program {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', BAOHAO_METRICS_PORT: '0', ...strictly, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const exit = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  )
  const found = async (text: () => string, pattern: RegExp) => {
    await expect
      .poll(() => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${err}`)
        return pattern.exec(text())?.[1]
      }, PATIENCE)
      .toBeDefined()
    return pattern.exec(text())?.[1] as string
  }
  return {
    child,
    address: () => found(() => out, /^(http:\S+)$/m),
    operatorAddress: () => found(() => err, /"operatorAddress":"([^"]+)"/),
    log: () => err,
    kill: (signal) => void child.kill(signal),
    ended: () => exit,
  }
}
