/** What `--json` shows: JSON has no bigint, so amounts are digits. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, one) => (typeof one === 'bigint' ? one.toString() : one))
}
