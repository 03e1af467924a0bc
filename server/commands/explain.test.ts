import { expect, test } from 'vitest'
import { catalogErrors } from '../catalog/index.ts'
import { ConfigProblems } from '../platform/config.ts'
import { FileRefused } from '../platform/csv-file.ts'
import { refuse } from '../platform/error.ts'
import { exitCodeOf, explain } from './explain.ts'
import { CommandRefused, UsageError } from './usage.ts'

const withCode = (message: string, facts: Readonly<Record<string, unknown>>) =>
  Object.assign(new Error(message), facts)

test.each([
  ['a usage error', new UsageError('--from is a date.'), '--from is a date.'],
  ['a refused command', new CommandRefused('Nothing was changed.'), 'Nothing was changed.'],
  ['a file that cannot be read', new FileRefused('x.csv is UTF-16.'), 'x.csv is UTF-16.'],
  [
    'a configuration',
    new ConfigProblems(['PORT is wrong']),
    'The configuration cannot be used:\n  - PORT is wrong',
  ],
  [
    'a refusal with its problems',
    refuse(catalogErrors['price-table-invalid'], { problems: ['/packages/0: a', '/packages/1: b'] }),
    'The price table is wrong; the problems say where.\n  - /packages/0: a\n  - /packages/1: b',
  ],
  [
    'a port in use',
    withCode('listen', { code: 'EADDRINUSE', port: 3000 }),
    'Port 3000 is in use by another program. Set PORT to another number and start again.',
  ],
  [
    'a file that is not there',
    withCode('open', { code: 'ENOENT', path: 'x.csv' }),
    'There is no file x.csv.',
  ],
  [
    'a database of an older version',
    withCode('relation "acme.x" does not exist', { code: '42P01' }),
    'The database is not at this version (relation "acme.x" does not exist). Run: baohao migrate',
  ],
  [
    'a database without our roles',
    new Error('migration platform/0001_platform.sql failed: role "baohao_app" does not exist', {
      cause: withCode('role "baohao_app" does not exist', { code: '42704' }),
    }),
    'The database is not prepared (migration platform/0001_platform.sql failed: role "baohao_app" does not exist). Its roles and their rights are in docs/operating/run.md.',
  ],
  [
    'a database that is away',
    withCode('connect ECONNREFUSED 127.0.0.1:5432', { code: 'ECONNREFUSED' }),
    'The database cannot be reached (connect ECONNREFUSED 127.0.0.1:5432). Is it running? See DATABASE_URL.',
  ],
])('%s is told in a sentence', (_, error, sentence) => {
  expect(explain(error)).toBe(sentence)
})

test('what is ours to mend comes with its stack', () => {
  expect(explain(new Error('invariant broken'))).toMatch(/invariant broken\n\s+at /)
})

test('only a wrong call ends with 2', () => {
  expect(exitCodeOf(new UsageError('x'))).toBe(2)
  expect(exitCodeOf(new CommandRefused('x'))).toBe(1)
})
