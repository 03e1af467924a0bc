import { useLanguage } from '../language/use-language.ts'
import { useBrand } from './brand-context.ts'
import { viewerZone } from './date-text.tsx'
import { formatDateTime } from './format.ts'

/** A moment on the brand's clock as words inside a sentence; where it stands alone, `InstantText` says the same. */
export function useMomentWords(): (at: string) => string {
  const view = { timeZone: useBrand().zone, viewerZone: viewerZone(), language: useLanguage() }
  return (at) => formatDateTime(at, view)
}
