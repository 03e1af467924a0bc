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

/** JSON lines on stderr, so that a command's stdout stays its answer. */
export function createLog(level: string): Log {
  return pino(
    { level, redact: { paths: REDACTED, censor: '[redacted]' } },
    pino.destination({ fd: 2, sync: false }),
  )
}
