import { LoaderCircle } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { classNames } from './class-names.ts'

type Look = 'primary' | 'secondary' | 'quiet' | 'danger'
type Size = 'normal' | 'large'

const looks: Readonly<Record<Look, string>> = {
  primary: 'bg-brand text-on-brand hover:bg-brand-hover font-semibold',
  secondary: 'border border-outline bg-surface text-ink hover:bg-sunken font-medium',
  quiet: 'text-brand-ink hover:bg-brand-soft font-medium',
  danger: 'border border-bad-line bg-bad-soft text-bad-ink hover:border-bad-ink font-medium',
}

/** The same look for links that act as buttons. */
export function buttonClass(look: Look = 'primary', size: Size = 'normal', wide = false): string {
  return classNames(
    'inline-flex items-center justify-center gap-2 rounded-full px-5 text-center transition-colors select-none',
    'disabled:border-hairline disabled:bg-hairline disabled:text-ink-soft',
    size === 'large' ? 'min-h-[calc(var(--target)+0.375rem)] text-lg' : 'min-h-target text-base',
    wide && 'w-full',
    looks[look],
  )
}

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: Look
  readonly size?: Size
  readonly wide?: boolean
  /** Work is under way: the button keeps its place, says so, and takes no second click. */
  readonly busy?: boolean
}

export function Button(props: ButtonProps) {
  const { look, size, wide, busy = false, className, children, onClick, type = 'button', ...rest } = props
  const { t } = useTranslation('kit')
  return (
    <button
      {...rest}
      type={type}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={classNames(buttonClass(look, size, wide), className)}
    >
      {busy && <LoaderCircle aria-hidden className="size-5 animate-spin" />}
      {children}
      {busy && <span className="sr-only">{t('busy')}</span>}
    </button>
  )
}
