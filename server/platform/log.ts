import { type Logger, pino } from 'pino'
import { redact } from './redact.ts'
import { currentScope } from './scope.ts'

export type Log = Logger

/** What is kept of an error: the driver and vendors' libraries hang requests, clients and rows on theirs. */
const KEPT = ['constraint', 'table', 'schema', 'severity', 'syscall', 'evidence'] as const

/** Classes of SQLSTATE whose message quotes the value that was refused: data exceptions. */
const QUOTES_VALUES = /^22/
/** As deep as a chain of causes is told. */
const MOST_CAUSES = 5

function plainError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  const quotes = typeof code === 'string' && QUOTES_VALUES.test(code)
  const clean = (text: string) => (quotes ? text.replace(/"[^"\n]*"/g, '"[redacted]"') : text)
  const told: Record<string, unknown> = { type: error.name, message: clean(error.message) }
  // A SQLSTATE may be all digits, like a code that somebody was sent, and has a name of its own here.
  if (typeof code === 'string') told[/^[0-9A-Z]{5}$/.test(code) ? 'sqlstate' : 'code'] = code
  for (const name of KEPT) {
    const value = (error as unknown as Record<string, unknown>)[name]
    if (value !== undefined) told[name] = value
  }
  if (error.stack) told.stack = clean(error.stack)
  if (cause !== undefined && depth < MOST_CAUSES) told.cause = plainError(cause, depth + 1)
  return told
}

/** The request, and the trace, on whose behalf a line is written. */
function whose(): object {
  const scope = currentScope()
  if (!scope) return {}
  return {
    ...(scope.id === '' ? {} : { requestId: scope.id }),
    ...(scope.span ? { traceId: scope.span.traceId } : {}),
  }
}

/**
 * JSON lines on stderr, so that a command's stdout stays its answer. Each is cleaned of numbers of people, codes, tokens and
 * passwords as a whole, wherever in it they stand. `to` is for tests.
 */
export function createLog(level: string, to?: { write(line: string): void }): Log {
  return pino(
    {
      level,
      mixin: whose,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => plainError(error) },
      hooks: { streamWrite: redact },
    },
    to ?? pino.destination({ fd: 2, sync: false }),
  )
}
