import { createContext, useContext, useMemo } from 'react'
import type { BrandView } from '../../contract/brand.ts'
import { useLanguage } from '../language/use-language.ts'
import { groupDigits, type NumberPlan, numberPlanOf } from './number-plan.ts'

const BrandContext = createContext<BrandView | null>(null)

/** The brand this address belongs to; loaded before the first render, the same for the whole visit. */
export const BrandProvider = BrandContext.Provider

export function useBrand(): BrandView {
  const brand = useContext(BrandContext)
  if (!brand) throw new Error('a component that shows brand facts stands outside BrandProvider')
  return brand
}

export function useBrandName(): string {
  return useBrand().name[useLanguage()]
}

/** The brand's example number, in its groups. */
export function useNumberExample(): string {
  const plan = useNumberPlan()
  return groupDigits(useBrand().numberExample.replaceAll(' ', ''), plan)
}

export function useNumberPlan(): NumberPlan {
  const brand = useBrand()
  return useMemo(() => numberPlanOf(brand), [brand])
}
