import { ConfigProblems, readConfig } from '../platform/config.ts'
import { type Env, showSettings } from '../platform/config-settings.ts'
import type { Say } from '../serve.ts'

/**
 * `baohao config print`: every setting, its value with secrets masked, and where it is from; then what is wrong, if anything.
 * True when the program would start with it.
 */
export function configPrintCommand(env: Env, cwd: string, say: Say): boolean {
  const shown = showSettings(env)
  const nameWidth = Math.max(...shown.map(({ name }) => name.length))
  const valueWidth = Math.max(...shown.map(({ value }) => value.length))
  for (const { name, value, source } of shown) {
    say(`${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${source}`)
  }
  try {
    readConfig(env, cwd)
    return true
  } catch (error) {
    if (!(error instanceof ConfigProblems)) throw error
    say(`\n${error.message}`)
    return false
  }
}
