import i18next from 'i18next'
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

/** Catalogues that travel with the part of the site that needs them. */
export type LateTexts = 'purchase' | 'order' | 'account' | 'help' | 'legal' | 'ui-kit'

interface OnDemand<Props extends object> {
  readonly Component: LazyExoticComponent<ComponentType<Props>>
  /** Fetches ahead of the first use; a failure shows at the use itself. */
  preload(): void
}

/** A component whose code and texts are fetched together when it is first shown. */
export function onDemand<Props extends object>(
  texts: LateTexts,
  load: () => Promise<ComponentType<Props>>,
): OnDemand<Props> {
  const fetchBoth = async () => {
    const [component] = await Promise.all([load(), i18next.loadNamespaces(texts)])
    return { default: component }
  }
  return {
    Component: lazy(fetchBoth),
    preload: () => void fetchBoth().catch(() => {}),
  }
}
