import { Link, type LinkProps } from '@tanstack/react-router'
import { CardSim, Headset, ReceiptText, ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Card } from '../../ui/card.tsx'

const entries = [
  { name: 'orders', to: '/orders', icon: ReceiptText },
  { name: 'numbers', to: '/me/numbers', icon: CardSim },
  { name: 'contact', to: '/help/contact', icon: Headset },
  { name: 'channels', to: '/channels', icon: ShieldCheck },
] as const satisfies readonly { name: string; to: LinkProps['to']; icon: unknown }[]

/** Where else one may want to go from home, a picture and a word each. */
export function HomeEntries() {
  const { t } = useTranslation('home')
  return (
    <Card title={t('title')}>
      <ul className="-mx-2 grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-1 md:grid-cols-4">
        {entries.map(({ name, to, icon: Icon }) => (
          <li key={name}>
            <Link
              to={to}
              className="flex min-h-target items-center gap-3 rounded-lg p-2 hover:bg-sunken md:flex-col md:gap-2 md:py-3 md:text-center"
            >
              <span className="grid size-11 shrink-0 place-items-center rounded-full bg-brand-soft text-brand-ink">
                <Icon aria-hidden className="size-5" />
              </span>
              <span className="min-w-0">
                <span className="block font-medium">{t(`entry.${name}.title`)}</span>
                <span className="block text-sm text-ink-soft">{t(`entry.${name}.hint`)}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}
