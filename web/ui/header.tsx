import { Link, type LinkProps } from '@tanstack/react-router'
import type { ComponentType, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useBrandName } from './brand-context.ts'
import { classNames } from './class-names.ts'
import { DisplayButton } from './display-button.tsx'
import { LanguageSwitch } from './language-switch.tsx'

/** Somewhere to go from every page. */
export interface Place {
  readonly to: LinkProps['to']
  readonly text: ReactNode
  readonly icon: ComponentType<{ className?: string; 'aria-hidden'?: boolean }>
  /** The page shown is there or below. */
  readonly current: boolean
}

interface HeaderProps {
  readonly places: readonly Place[]
  /** What stands at the end: the way to log in. */
  readonly account?: ReactNode
}

/** Brand, places to go, language and display. On phones and tablets the places are a bar at the bottom edge, under the thumb. */
export function Header({ places, account }: HeaderProps) {
  const { t } = useTranslation()
  const brandName = useBrandName()
  return (
    <header className="bg-surface shadow-card print:hidden">
      <a
        href="#content"
        className="sr-only rounded-full bg-brand px-4 py-2 text-on-brand focus:not-sr-only focus:absolute focus:start-2 focus:top-2 focus:z-20"
      >
        {t('nav.skip')}
      </a>
      <div className="mx-auto flex max-w-page items-center gap-x-2 px-4 py-1 md:gap-x-6">
        <Link
          to="/"
          aria-label={t('nav.home', { brand: brandName })}
          className="flex min-h-target min-w-0 flex-1 items-center gap-2 font-semibold lg:flex-initial"
        >
          <BrandMark />
          <span className="line-clamp-2 leading-tight text-balance">{brandName}</span>
        </Link>
        <Places places={places} />
        <div className="-me-2 flex shrink-0 items-center">
          {account}
          <LanguageSwitch />
          <DisplayButton />
        </div>
      </div>
    </header>
  )
}

function Places({ places }: { readonly places: readonly Place[] }) {
  const { t } = useTranslation()
  return (
    <nav
      aria-label={t('nav.label')}
      className="fixed inset-x-0 bottom-0 z-20 flex h-tab-bar bg-surface pb-[env(safe-area-inset-bottom)] shadow-bar lg:static lg:me-auto lg:h-auto lg:shadow-none"
    >
      <ul className="mx-auto flex max-w-column grow lg:mx-0 lg:gap-2">
        {places.map(({ to, text, icon: Icon, current }) => (
          <li key={to} className="flex flex-1">
            <Link
              to={to}
              activeOptions={{ exact: true, includeSearch: false }}
              aria-current={current || undefined}
              className={classNames(
                'flex min-h-target min-w-target grow flex-col items-center justify-center text-sm whitespace-nowrap lg:border-b-2 lg:px-3 lg:text-base',
                current
                  ? 'font-semibold text-brand-ink lg:border-brand'
                  : 'text-ink-soft hover:text-ink lg:border-transparent',
              )}
            >
              <Icon aria-hidden className="size-6 lg:hidden" />
              {text}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** A day ring and the line it keeps: the product's mark in the brand's colour. */
function BrandMark() {
  return (
    <svg aria-hidden viewBox="0 0 32 32" className="size-8 shrink-0">
      <rect width="32" height="32" rx="8" className="fill-brand" />
      <path
        d="M9 22.5a7 7 0 1 1 14 0"
        fill="none"
        strokeWidth="3"
        strokeLinecap="round"
        className="stroke-on-brand"
      />
      <circle cx="16" cy="22.5" r="2.4" className="fill-on-brand" />
    </svg>
  )
}
