/** What kind of refusal an error is; `problem.ts` alone turns a kind into an HTTP status. */
export type ErrorKind =
  | 'bad-request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'wrong-method'
  | 'conflict'
  | 'too-large'
  | 'wrong-media-type'
  | 'misdirected'
  | 'refused'
  | 'too-many'
  | 'broken'
  | 'unavailable'

/** One entry of a room's error catalogue. `title` is the English sentence developers read; users get i18n by code. */
export interface ErrorEntry<Code extends string = string> {
  readonly code: Code
  readonly kind: ErrorKind
  readonly title: string
  /** Every member a refusal of this kind may add to its problem document, each with an example as it is on the wire. */
  readonly members: RefusalMembers
}

export type ErrorCatalogue<Code extends string = string> = { readonly [C in Code]: ErrorEntry<C> }

/**
 * Declares a room's errors: `defineErrors({ 'line-not-found': ['not-found', 'No such line'] })`, with examples of the members
 * where there are any: `'code-wrong': ['refused', 'The code is not right', { triesLeft: 4 }]`.
 */
export function defineErrors<
  const T extends Record<string, readonly [kind: ErrorKind, title: string, members?: RefusalMembers]>,
>(entries: T): ErrorCatalogue<keyof T & string> {
  return Object.fromEntries(
    Object.entries(entries).map(([code, [kind, title, members = {}]]) => [
      code,
      { code, kind, title, members },
    ]),
  ) as unknown as ErrorCatalogue<keyof T & string>
}

/** Some entries of a catalogue, named by their codes. */
export function entriesOf<Code extends string>(
  catalogue: ErrorCatalogue<Code>,
  ...codes: readonly Code[]
): ErrorEntry[] {
  return codes.map((code) => catalogue[code])
}

/** Members a refusal adds to its problem document; they must be safe to show. */
export type RefusalMembers = Readonly<Record<string, unknown>>

/** A plain no: thrown to roll back, shown as problem+json. Anything else thrown is a fault of ours (500). */
export class Refusal extends Error {
  readonly entry: ErrorEntry
  readonly members: RefusalMembers
  constructor(entry: ErrorEntry, members: RefusalMembers = {}) {
    super(entry.title)
    this.name = 'Refusal'
    this.entry = entry
    this.members = members
  }
}

export function refuse(entry: ErrorEntry, members?: RefusalMembers): Refusal {
  return new Refusal(entry, members)
}

/** A broken invariant: fails the request, never the data. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${sentence}`)
}

/** For the default branch of an exhaustive switch. */
export function never(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`)
}
