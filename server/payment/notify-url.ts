import type { ProviderName } from './port.ts'

/** Where a provider tells a merchant of a brand; `origin` is where it reaches the brand. */
export function notifyUrlOf(
  origin: string,
  brand: string,
  { provider, merchant }: { readonly provider: ProviderName; readonly merchant: string },
): string {
  return `${origin}/v1/notifications/${provider}/${brand}/${merchant}`
}
