import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useBrandName } from './brand-context.ts'
import { LanguageSwitch } from './language-switch.tsx'

export interface HeaderLink {
  readonly to: LinkProps['to']
  readonly text: ReactNode
}

interface HeaderProps {
  readonly links: readonly HeaderLink[]
  /** Log-in link or account menu. */
  readonly account?: ReactNode
}

/** Brand, places to go, language. On phones the places get a line of their own under the name. */
export function Header({ links, account }: HeaderProps) {
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
      <div className="mx-auto flex max-w-page flex-wrap items-center gap-x-2 px-4 md:gap-x-6 pt-1 md:py-1">
        <Link
          to="/"
          aria-label={t('nav.home', { brand: brandName })}
          className="flex min-h-target min-w-0 flex-1 items-center gap-2 font-semibold md:flex-none"
        >
          <BrandMark />
          <span className="truncate">{brandName}</span>
        </Link>
        <nav
          aria-label={t('nav.label')}
          className="order-last -mx-2 w-full md:order-none md:mx-0 md:me-auto md:w-auto"
        >
          <ul className="flex justify-around md:gap-2">
            {links.map(({ to, text }) => (
              <li key={to}>
                <Link
                  to={to}
                  activeOptions={{ exact: to === '/', includeSearch: false }}
                  className="inline-flex min-h-target items-center border-b-2 border-transparent px-3 text-ink-soft hover:text-ink data-[status=active]:border-brand data-[status=active]:font-semibold data-[status=active]:text-brand-ink"
                >
                  {text}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="-me-3 flex shrink-0 items-center">
          <LanguageSwitch />
          {account}
        </div>
      </div>
    </header>
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
