import { monotonicMs } from './clock.ts'
import { insideTransaction } from './db.ts'
import { figures, SECONDS } from './figures.ts'
import { traced } from './trace.ts'

const lasted = figures.histogram(
  'baohao_outbound_seconds',
  'Calls out to providers, SMSCs and mail servers, by what is called and whether it was answered.',
  SECONDS,
  ['call', 'answered'],
)

/**
 * The only way out: every call over the network, ours or a vendor SDK's, runs through here, so that none is ever made
 * while a transaction holds locks. `call` must bring its own time-out.
 */
export async function outbound<T>(name: string, call: () => Promise<T>): Promise<T> {
  if (insideTransaction()) throw new Error(`network call ${name} inside a transaction`)
  const startedAt = monotonicMs()
  const observe = (answered: 'yes' | 'no') =>
    lasted.of(name, answered).observe((monotonicMs() - startedAt) / 1000)
  try {
    const answer = await traced('client', name, {}, call)
    observe('yes')
    return answer
  } catch (error) {
    observe('no')
    throw error
  }
}
