import i18next from 'i18next'
import { type ComponentType, useEffect, useState } from 'react'

/** Catalogues that travel with the part of the site that needs them. */
export type LateTexts =
  | 'purchase'
  | 'order'
  | 'refund'
  | 'transfer'
  | 'account'
  | 'help'
  | 'legal'
  | 'display'
  | 'home'
  | 'ui-kit'
  | 'profile'
  | 'channels'

interface OnDemand<Props extends object> {
  /** `Waiting` until it is here; throws to the page's error boundary when it cannot be fetched. */
  readonly Component: ComponentType<Props>
  /** Fetches ahead of the first use; a failure shows at the use itself. */
  preload(): void
}

interface Late<Props extends object> {
  readonly texts: LateTexts | 'portal'
  load(): Promise<ComponentType<Props>>
  /** Stands in its place on the way. */
  readonly Waiting: ComponentType
}

/**
 * A component whose code and texts are fetched together when it is first used. Not React's lazy: Suspense holds what has
 * arrived back for up to 300 ms after a fallback was shown, and most of what we fetch is here sooner than that.
 */
export function onDemand<Props extends object>({ texts, load, Waiting }: Late<Props>): OnDemand<Props> {
  let here: ComponentType<Props> | null = null
  const fetchBoth = async () => {
    const [component] = await Promise.all([load(), i18next.loadNamespaces(texts)])
    here = component
    return component
  }
  function Component(props: Props) {
    const [Loaded, setLoaded] = useState(() => here)
    useEffect(() => {
      fetchBoth().then(
        (component) => setLoaded(() => component),
        (error: unknown) =>
          setLoaded(() => {
            throw error
          }),
      )
    }, [])
    return Loaded ? <Loaded {...props} /> : <Waiting />
  }
  return { Component, preload: () => void fetchBoth().catch(() => {}) }
}
