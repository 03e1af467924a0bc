import { brandErrors, switchErrors } from '../brand/index.ts'
import { catalogErrors } from '../catalog/index.ts'
import { dealerErrors } from '../dealer/index.ts'
import { identityErrors } from '../identity/index.ts'
import { lineErrors } from '../line/index.ts'
import { paymentErrors } from '../payment/index.ts'
import { batcherErrors } from '../platform/batcher.ts'
import type { ErrorEntry } from '../platform/error.ts'
import { healthErrors } from '../platform/health.ts'
import { httpErrors } from '../platform/problem.ts'
import { quoteErrors } from '../quote/index.ts'
import { supportErrors } from '../support/index.ts'
import { topUpErrors } from '../topup/index.ts'

/** One code with every sentence that rooms give it: `number-invalid` is said by whoever reads a number. */
export interface ProblemKind extends ErrorEntry {
  readonly titles: readonly string[]
}

const catalogues = [
  httpErrors,
  batcherErrors,
  healthErrors,
  brandErrors,
  switchErrors,
  identityErrors,
  catalogErrors,
  lineErrors,
  dealerErrors,
  paymentErrors,
  quoteErrors,
  topUpErrors,
  supportErrors,
]

const everyEntry = catalogues.flatMap((catalogue) => Object.values<ErrorEntry>(catalogue))

/** Every problem this program can answer with, by code. */
export const problemKinds: ReadonlyMap<string, ProblemKind> = new Map(
  [...Map.groupBy(everyEntry, ({ code }) => code)]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([code, entries]) => {
      const [first] = entries as [ErrorEntry]
      const members = Object.assign({}, ...entries.map((entry) => entry.members))
      return [code, { ...first, members, titles: [...new Set(entries.map(({ title }) => title))] }]
    }),
)
