export const LINES = 200_000

/** Numbers of the unassigned range +86 154. */
export function benchMsisdn(line: number): string {
  return `86154${line.toString().padStart(8, '0')}`
}
