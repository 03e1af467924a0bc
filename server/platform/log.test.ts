import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLog } from './log.ts'
import { redact } from './redact.ts'
import { inScope, outsideScope } from './scope.ts'

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

test('numbers, codes, names, tokens and passwords never reach a line, at whatever depth they stand', () => {
  const secret = 'never-in-a-log'
  const line = lineOf((log) =>
    log.info({
      ...{ msisdn: secret, password: secret, token: secret, recipient: [secret, secret] },
      login: { deeper: { msisdn: secret, secret, realName: `${secret} "quoted"`, code: '493021' } },
      req: { headers: { authorization: secret, cookie: secret } },
    }),
  )
  expect(line).not.toMatch(/never-in-a-log|493021|quoted/)
  expect(JSON.parse(line)).toMatchObject({ req: { headers: { cookie: '[redacted]' } } })
})

const planted: readonly [string, string][] = [
  ['a number', '8615400001234'],
  ['a number with its plus', '+447700900123'],
  ['a national number', '07700900123'],
  ['a number in groups', '154 0000 1234'],
  ['an identity number', '11010519491231002X'],
  ['a code', '493021'],
  ['an address', 'li.wei@example.com'],
  ['an API key', 'bh_laika_6Jq0aZ_0123456789abcdefghij'],
  ['a session token', 'q7J2hPz0kE3sVvN1mX8cRt5uYw9aBd4fGh6jKl2ZxCv'],
  ['a password in a URL', 'hunter2pass'],
]

test.each(planted)('%s in a sentence, in an error or in its cause is taken out', (_, value) => {
  const shown = value === 'hunter2pass' ? `postgres://app:${value}@db/x` : value
  const error = new Error(`cannot send to ${shown}.`, { cause: new Error(`because of (${shown})`) })
  const line = lineOf((log) =>
    log.error({ err: error, reason: `said:\n${shown}\t"${shown}"` }, `no answer for ${shown}`),
  )
  expect(line).not.toContain(value)
  expect(JSON.parse(line).err.cause.message).toContain('because of')
})

test('what is no secret stays: ids, dates, figures, routes, names of constraints', () => {
  const kept = {
    ...{ attempt: '01935d5e-7c00-7123-8456-012345678901', requestId: '06AVRCK7B3Z0T5N2Q8Y4M1W9XE' },
    ...{ at: '2026-11-22T15:23:08.123Z', day: '2026-11-22', bytes: 123456789, port: 49302, count: 493021 },
    ...{ route: '/v1/top-ups/:id', code: 'line-not-found', address4: '127.0.0.1:3000' },
    merchant: '2021000000000001',
  }
  expect(JSON.parse(lineOf((log) => log.info(kept, 'kept')))).toMatchObject(kept)
})

test('a driver’s error is logged without its client and without the values of a row', () => {
  const error = Object.assign(new Error('duplicate key'), {
    client: { password: 'never-in-a-log' },
    detail: 'Key (msisdn)=(8615400001234) already exists.',
    where: "unnamed portal parameter $1 = 'never-in-a-log'",
    code: '23505',
    constraint: 'line_msisdn',
  })
  const { err } = JSON.parse(lineOf((log) => log.error({ err: error }, 'failed')))
  expect(err).toMatchObject({ constraint: 'line_msisdn', sqlstate: '23505', message: 'duplicate key' })
  expect(JSON.stringify(err)).not.toMatch(/never-in-a-log|8615400001234/)
  const refused = Object.assign(new Error('invalid input syntax for type uuid: "Li Wei"'), { code: '22P02' })
  const line = lineOf((log) => log.error({ err: refused }, 'failed'))
  expect(line).not.toContain('Li Wei')
  expect(JSON.parse(line).err.message).toBe('invalid input syntax for type uuid: "[redacted]"')
})

test('a line stays JSON, whatever is taken out of it', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.array(fc.string()))),
      (fields) => {
        const clean = redact(JSON.stringify({ ...fields, msisdn: fields, token: '\\"' }))
        expect(() => JSON.parse(clean)).not.toThrow()
      },
    ),
  )
})

test('a line names the request and the trace it belongs to', () => {
  const span = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', end: () => {} }
  const [inside, outside] = inScope({ id: 'the-request', span }, () => [
    lineOf((log) => log.info('inside')),
    outsideScope(() => lineOf((log) => log.info('outside'))),
  ])
  expect(JSON.parse(inside as string)).toMatchObject({ requestId: 'the-request', traceId: span.traceId })
  expect(JSON.parse(outside as string)).not.toHaveProperty('requestId')
})
