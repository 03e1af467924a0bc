import { useSyncExternalStore } from 'react'
import { type Appearance, appearance, onAppearance } from '../device/appearance.ts'

/** How the page looks now; rerenders when that changes. */
export function useAppearance(): Appearance {
  return useSyncExternalStore(onAppearance, appearance)
}
