import { expect, test } from 'vitest'
import { createLog } from './log.ts'

function lineOf(write: (log: ReturnType<typeof createLog>) => void): string {
  let line = ''
  write(
    createLog('info', {
      write: (text) => {
        line += text
      },
    }),
  )
  return line
}

test('numbers, codes, tokens and passwords never reach a line', () => {
  const secret = 'never-in-a-log'
  const line = lineOf((log) =>
    log.info({
      ...{ msisdn: secret, code: secret, password: secret, token: secret },
      login: { msisdn: secret, secret },
      req: { headers: { authorization: secret, cookie: secret } },
    }),
  )
  expect(line).not.toContain(secret)
  expect(line).toContain('[redacted]')
})

test('a driver’s error is logged without its client and without the values of a row', () => {
  const error = Object.assign(new Error('duplicate key'), {
    client: { password: 'never-in-a-log' },
    detail: 'Key (msisdn)=(8615400001234) already exists.',
    constraint: 'line_msisdn',
  })
  const line = lineOf((log) => log.error({ err: error }, 'failed'))
  expect(line).toContain('line_msisdn')
  expect(line).not.toMatch(/never-in-a-log|8615400001234/)
})
