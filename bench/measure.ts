import { monotonicMs } from '../server/platform/clock.ts'

export interface Measured {
  readonly perSecond: number
  /** What every call in the warm-up and the timed part acknowledged. */
  readonly acknowledged: readonly string[]
}

/** Runs `workers` loops, each awaiting its own call, and counts the calls that end in the timed part. */
export async function measure(
  workers: number,
  call: (worker: number) => Promise<string | null>,
  seconds: number,
  warmUpSeconds: number,
): Promise<Measured> {
  const begin = monotonicMs() + warmUpSeconds * 1000
  const end = begin + seconds * 1000
  const acknowledged: string[] = []
  let counted = 0
  const loop = async (worker: number) => {
    for (;;) {
      if (monotonicMs() >= end) return
      const answer = await call(worker)
      if (answer !== null) acknowledged.push(answer)
      const now = monotonicMs()
      if (now >= begin && now < end) counted++
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, worker) => loop(worker)))
  return { perSecond: counted / seconds, acknowledged }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
