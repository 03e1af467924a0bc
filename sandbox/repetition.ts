import { BadRequest, type Fields } from './fields.ts'

/** How the control API wants something sent again; with `freshIds` each time under an id of its own. */
export interface Repetition {
  times: number
  concurrently: boolean
  freshIds: boolean
}

export function readRepetition(fields: Fields): Repetition {
  const times = fields.times ?? 1
  if (!Number.isSafeInteger(times) || (times as number) < 1 || (times as number) > 1_000) {
    throw new BadRequest('"times" must be a whole number from 1 to 1000.')
  }
  return {
    times: times as number,
    concurrently: fields.concurrently === true,
    freshIds: fields.freshIds === true,
  }
}
