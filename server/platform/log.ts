import { type Logger, pino } from 'pino'

export type Log = Logger

/** Paths whose values never reach a log line: secrets, codes, numbers of people. */
const REDACTED = [
  'req.headers.authorization',
  'req.headers.cookie',
  'password',
  'code',
  'token',
  'secret',
  'msisdn',
  '*.password',
  '*.code',
  '*.token',
  '*.secret',
  '*.msisdn',
]

/** The driver hangs its client, with the password in it, on some errors; and values of a row on others. */
function plainError(error: Error): object {
  const {
    client: _client,
    detail: _detail,
    ...rest
  } = pino.stdSerializers.err(error) as Record<string, unknown>
  return rest
}

/** JSON lines on stderr, so that a command's stdout stays its answer. `to` is for tests. */
export function createLog(level: string, to?: { write(line: string): void }): Log {
  return pino(
    { level, redact: { paths: REDACTED, censor: '[redacted]' }, serializers: { err: plainError } },
    to ?? pino.destination({ fd: 2, sync: false }),
  )
}
