/** The command was called in a way that cannot be: told as a sentence, ends with 2. */
export class UsageError extends Error {}

/** What was asked cannot be done now, for a reason the operator can mend: told as a sentence, ends with 1. */
export class CommandRefused extends Error {}

/** A list under a sentence, a line to each. */
export function listed(sentence: string, items: readonly string[]): string {
  return [sentence, ...items.map((item) => `  - ${item}`)].join('\n')
}
