import { meantAsReference, signsApart } from '../payment/index.ts'
import type { StatedEntry } from './entry.ts'
import type { Awaited } from './match.ts'

/** An order that an entry may mean, and by what. Shown to a person, never acted on. */
export interface Suggestion {
  readonly awaited: Awaited
  readonly sameAmount: boolean
  /** How many signs its reference differs by from the nearest word of the entry; null: by more than two. */
  readonly signsApart: number | null
}

const NEAR = 2
const MOST = 5

/** Transfers that are awaited and look like this entry: a reference that is nearly theirs, else the same amount. The likeliest first. Pure. */
export function suggest(
  entry: Pick<StatedEntry, 'amountMinor' | 'remittance'>,
  awaited: readonly Awaited[],
): Suggestion[] {
  const words = meantAsReference(entry.remittance)
  return awaited
    .map((one): Suggestion => {
      const apart = Math.min(...words.map((word) => signsApart(word, one.reference)))
      return {
        awaited: one,
        sameAmount: one.amountMinor === entry.amountMinor,
        signsApart: apart <= NEAR ? apart : null,
      }
    })
    .filter(({ sameAmount, signsApart: apart }) => sameAmount || apart !== null)
    .toSorted((a, b) => weight(b) - weight(a))
    .slice(0, MOST)
}

function weight({ sameAmount, signsApart: apart }: Suggestion): number {
  return (sameAmount ? 2 : 0) + (apart === null ? 0 : 2 + (NEAR - apart))
}
