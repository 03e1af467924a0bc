/** How far this device's clock is behind the server's, in milliseconds; phones in drawers are often wrong by days. */
let behind = 0

/** Takes the `Date` header of an answer (RFC 9110 6.6.1), which is exact to a second. */
export function noteServerDate(header: string | null): void {
  const server = Date.parse(header ?? '')
  if (!Number.isNaN(server)) behind = server - Date.now()
}

/** The moment as the server sees it, in milliseconds since 1970: what time limits are counted against. */
export function serverNow(): number {
  return Date.now() + behind
}
