import { createHash } from 'node:crypto'

/** The bank that answers and bills name for the one payer of this sandbox. */
export const payerBank = 'OTHERS'

/** The openid of the one payer at an application: at every application another. */
export function openIdAt(appId: string): string {
  return `o${createHash('sha256').update(`the payer at ${appId}`).digest('base64url').slice(0, 27)}`
}
