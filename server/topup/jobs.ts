import type { Brand } from '../brand/index.ts'
import type { Log } from '../platform/log.ts'
import { type Loop, startLoop } from '../platform/loop.ts'

/** One round of each of this room's loops, for one brand. */
export interface Rounds {
  /** Applies the evidence that waits. */
  sweep(brand: string): Promise<unknown>
  expireDue(brand: string): Promise<unknown>
  decideHeld(brand: string): Promise<unknown>
  beginRefunds(brand: string): Promise<unknown>
  applyDisputes(brand: string): Promise<unknown>
  handOverMessages(brand: string): Promise<unknown>
  forgetRefusals(brand: string): Promise<unknown>
}

/** Pauses between rounds. Evidence of this process wakes the sweep at once; this finds that of others, and of crashes. */
const PAUSE_MS = {
  sweep: 1_000,
  expireDue: 2_000,
  decideHeld: 2_000,
  beginRefunds: 1_000,
  applyDisputes: 1_000,
  handOverMessages: 500,
  forgetRefusals: 3_600_000,
} as const satisfies Record<keyof Rounds, number>

export function startRounds(rounds: Rounds, brands: readonly Brand[], log: Log): Loop[] {
  const names = Object.keys(PAUSE_MS) as (keyof Rounds)[]
  return brands.flatMap(({ key }) =>
    names.map((name) => startLoop(`topup ${name} ${key}`, PAUSE_MS[name], () => rounds[name](key), log)),
  )
}
