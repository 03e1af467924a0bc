import { useTranslation } from 'react-i18next'

const known = ['alipay', 'wechat', 'card', 'unionpay', 'bank'] as const
type Known = (typeof known)[number]

const isKnown = (method: string): method is Known => (known as readonly string[]).includes(method)

/** By what was paid, in words; a rail newer than this page is called by its own name. */
export function useMethodName(): (method: string) => string {
  const { t } = useTranslation('state')
  return (method) => (isKnown(method) ? t(`method.${method}`) : method)
}
