import { useTranslation } from 'react-i18next'
import { useBrand, useBrandName } from '../../../ui/brand-context.ts'

/** Every version there was, the one in force first; each is a document of the catalogue `legal`. */
export const legalVersions = ['2026-11', '2025-09'] as const
export type LegalVersion = (typeof legalVersions)[number]
export const [currentVersion] = legalVersions

/** A version's texts with the brand's facts in their blanks, and what it changed. */
export function useLegalDocument(version: LegalVersion) {
  const { t } = useTranslation('legal')
  const { hotline, email } = useBrand()
  const blanks = { brand: useBrandName(), hotline: hotline.number, email }
  return t(`documents.${version}`, { returnObjects: true, ...blanks })
}
