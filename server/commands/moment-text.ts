import type { Brand } from '../brand/index.ts'

/** `2026-11-22 14:03:11`, by the brand's clock on the wall. */
export function momentText(atMs: number, { zone }: Pick<Brand, 'zone'>): string {
  return new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
    timeZone: zone,
  }).format(atMs)
}
