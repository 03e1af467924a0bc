import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { strictly } from '../support/strictly.ts'

const root = join(import.meta.dirname, '../..')

/** A program as a journey starts one; `serve` stands for what has routes. */
function run(program: string, args: readonly string[] = []) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', program, '--', ...args],
    { cwd: root, encoding: 'utf8', env: { PATH: process.env.PATH, ...strictly } },
  )
  return { status, stdout, stderr }
}

test('a process that does nothing wrong ends with 0 and says nothing', () => {
  expect(run('console.log("done")')).toEqual({ status: 0, stdout: 'done\n', stderr: '' })
})

test.each([
  ['a warning', `process.emitWarning('leaking'); setTimeout(() => {}, 60_000)`, 'leaking'],
  [
    'a rejection that nobody handles',
    `Promise.reject(new Error('lost')); setTimeout(() => {}, 60_000)`,
    'lost',
  ],
])('%s ends it with an error', (_, program, words) => {
  const { status, stderr } = run(program)
  expect(status).toBe(1)
  expect(stderr).toContain(words)
})

test('a refusal that its operation does not declare is a fault, where routes are served', () => {
  const program = `
    const { createHttp } = await import('./server/platform/http.ts')
    const { defineErrors, refuse } = await import('./server/platform/error.ts')
    const { defineOperations } = await import('./server/platform/operation.ts')
    const { createLog } = await import('./server/platform/log.ts')
    const { createClock } = await import('./server/platform/clock.ts')
    const errors = defineErrors({ 'never-told': ['refused', 'Nobody was told of this'] })
    const operations = defineOperations('Test', { ask: { summary: 'Ask', errors: [] } })
    const http = await createHttp({ clock: createClock(), log: createLog('silent'), secureOrigin: false, trustedProxies: 0, formTargets: [] })
    const config = { access: { who: ['anyone'], reach: 'nothing' }, operation: operations.ask }
    http.get('/v1/ask', { config }, async () => { throw refuse(errors['never-told']) })
    const { statusCode } = await http.inject('/v1/ask')
    console.log(statusCode)
    await http.close()`
  expect(run(program, ['serve'])).toMatchObject({ status: 0, stdout: '500\n' })
  expect(run(program, ['work'])).toMatchObject({ status: 0, stdout: '422\n' })
})
