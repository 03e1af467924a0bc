import type { Brands } from '../brand/index.ts'
import type { Log } from '../platform/log.ts'
import { type Loop, startLoop } from '../platform/loop.ts'

/** A line that a top-up restored waits this long at most until the network is told; a round without work is one look at an index. */
const PAUSE_MS = 5_000

/** One loop a brand, so that none waits for another. */
export function startSweeps(
  { brands, log }: { readonly brands: Brands; readonly log: Log },
  sweepStages: (brand: string) => Promise<unknown>,
): Loop[] {
  return brands.all.map(({ key }) => startLoop(`stages of ${key}`, PAUSE_MS, () => sweepStages(key), log))
}
