import { useTranslation } from 'react-i18next'
import type { AllowanceView } from '../../../../contract/line.ts'

const kibi = 1024n

/** Bytes as people name them, in whole units or one decimal: `100 MB`, `1.2 GB`. */
export function dataWords(bytes: string): string {
  const mebibytes = BigInt(bytes) / (kibi * kibi)
  if (mebibytes < kibi) return `${mebibytes} MB`
  const tenths = (mebibytes * 10n) / kibi
  return tenths % 10n === 0n ? `${tenths / 10n} GB` : `${tenths / 10n}.${tenths % 10n} GB`
}

/** Allowances in words: minutes, texts, data. */
export function useAllowanceWords(): (unit: AllowanceView['unit'], amount: string) => string {
  const { t } = useTranslation('state')
  return (unit, amount) => {
    switch (unit) {
      case 'voice-seconds':
        return t('unit.voice-seconds', { amount: (BigInt(amount) / 60n).toString() })
      case 'sms':
        return t('unit.sms', { amount })
      case 'data-bytes':
        return t('unit.data-bytes', { amount: dataWords(amount) })
    }
  }
}
