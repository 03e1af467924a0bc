import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

interface OfferTileProps {
  readonly name: string
  readonly value: string
  readonly checked: boolean
  readonly onChoose: (value: string) => void
  /** Large: the face value or the package's term. */
  readonly title: ReactNode
  readonly price: ReactNode
  readonly badge?: ReactNode
  /** What it holds: minutes, texts, data. */
  readonly contents?: ReactNode
  /** What it does to the number's date. */
  readonly effect?: ReactNode
  readonly disabled?: boolean
}

/** One offer as a native radio as large as its tile; a choice shows by border, tick and colour together. */
export function OfferTile(props: OfferTileProps) {
  const { name, value, checked, onChoose, title, price, badge, contents, effect, disabled = false } = props
  return (
    <label
      className={classNames(
        'relative flex min-h-24 flex-col rounded-lg border-2 p-3 transition-colors md:p-4',
        'has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-brand-ink',
        checked ? 'border-brand bg-brand-soft' : 'border-hairline bg-surface hover:border-brand-line',
        disabled && 'bg-sunken text-ink-soft',
      )}
    >
      <input
        type="radio"
        name={name}
        value={value}
        checked={checked}
        disabled={disabled}
        onChange={() => onChoose(value)}
        className="absolute inset-0 size-full appearance-none rounded-lg outline-none"
      />
      {badge !== undefined && (
        <span className="absolute -top-3 -start-0.5 rounded-ss-lg rounded-ee-lg rounded-se-lg bg-brand px-2 py-0.5 text-xs font-semibold text-on-brand">
          {badge}
        </span>
      )}
      <span className={classNames('text-lg font-semibold md:text-xl', checked && 'text-brand-ink')}>
        {title}
      </span>
      <span className="mt-0.5 text-sm">{price}</span>
      {contents !== undefined && <span className="mt-2 text-sm text-ink-soft">{contents}</span>}
      {effect !== undefined && (
        <span className={classNames('mt-auto pt-2 text-sm', checked ? 'text-brand-ink' : 'text-ink-soft')}>
          {effect}
        </span>
      )}
      {checked && (
        <span className="absolute end-0 bottom-0 grid size-6 place-items-center rounded-ss-lg rounded-ee-md bg-brand text-on-brand">
          <Check aria-hidden strokeWidth={3} className="size-4" />
        </span>
      )}
    </label>
  )
}

/** The tiles of one choice, named for screen readers. */
export function OfferTiles({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{label}</legend>
      <div className="grid grid-cols-2 gap-x-3 gap-y-4 pt-3 md:grid-cols-3">{children}</div>
    </fieldset>
  )
}
