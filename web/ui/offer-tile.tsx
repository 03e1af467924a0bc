import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { DotList } from './dot-list.tsx'
import { Sentence } from './sentence.tsx'

interface OfferTileProps {
  readonly name: string
  readonly value: string
  readonly checked: boolean
  readonly onChoose: (value: string) => void
  /** Large: the face value or the package's name. */
  readonly title: ReactNode
  readonly price: ReactNode
  readonly badge?: ReactNode
  /** What it holds: minutes, texts, data. */
  readonly contents?: readonly string[] | undefined
  /** What it does to the number's date. */
  readonly effect?: readonly string[]
  /** As wide as the choice, the price at the end of the title's line: for what needs a line of its own to read. */
  readonly wide?: boolean
  readonly disabled?: boolean
}

/** One offer as a native radio as large as its tile; a choice shows by border, tick and colour together. */
export function OfferTile(props: OfferTileProps) {
  const { name, value, checked, onChoose, title, price, badge, contents, effect } = props
  const { wide = false, disabled = false } = props
  return (
    <label
      className={classNames(
        'relative flex flex-col rounded-lg border-2 p-3 transition-colors md:p-4',
        'has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-brand-ink',
        checked ? 'border-brand bg-brand-soft' : 'border-hairline bg-surface hover:border-brand-line',
        disabled && 'bg-sunken text-ink-soft',
        wide ? 'col-span-full min-h-[calc(var(--target)+0.75rem)] justify-center' : 'min-h-24',
      )}
    >
      <input
        type="radio"
        name={name}
        value={value}
        checked={checked}
        disabled={disabled}
        onChange={(event) => {
          onChoose(value)
          // The bar at the bottom grows with a choice; what was chosen stays in sight above it.
          event.currentTarget.scrollIntoView({ block: 'nearest' })
        }}
        className="absolute inset-0 size-full scroll-mt-4 scroll-mb-48 appearance-none rounded-lg outline-none"
      />
      {badge !== undefined && (
        <span className="absolute -top-3 -start-0.5 rounded-ss-lg rounded-ee-lg rounded-se-lg bg-brand px-2 text-sm font-semibold text-on-brand">
          {badge}
        </span>
      )}
      <span className={classNames('flex flex-col', wide && 'flex-row items-baseline justify-between gap-4')}>
        <span className={classNames('text-lg font-semibold md:text-xl', checked && 'text-brand-ink')}>
          {title}
        </span>
        <span className={wide ? 'text-end' : 'mt-0.5 text-sm'}>{price}</span>
      </span>
      {contents !== undefined && (
        <span className="mt-1 text-sm text-ink-soft">
          <Listed items={contents} inLine={wide} />
        </span>
      )}
      {effect !== undefined && (
        <span
          className={classNames('mt-auto pe-4 pt-2 text-sm', checked ? 'text-brand-ink' : 'text-ink-soft')}
        >
          <Listed items={effect} inLine={wide} />
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

/** A few words each: one after the other where there is room for it, else a line each. */
function Listed({ items, inLine }: { readonly items: readonly string[]; readonly inLine: boolean }) {
  if (inLine) return <DotList items={items} />
  return items.map((item) => (
    <span key={item} className="block">
      <Sentence>{item}</Sentence>
    </span>
  ))
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
