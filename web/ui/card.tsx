import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

interface CardProps {
  readonly title?: ReactNode
  /** Stands at the end of the title line. */
  readonly aside?: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

/** A white ground for what belongs together; with a title it is a section of the page. */
export function Card({ title, aside, className, children }: CardProps) {
  const body = 'rounded-xl bg-surface p-4 shadow-card md:p-6'
  if (title === undefined) return <div className={classNames(body, className)}>{children}</div>
  return (
    <section className={classNames(body, className)}>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h2 className="text-lg font-semibold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

/** A name and its value; a long one takes a line of its own where it does not fit beside its name. */
export type Fact = readonly [name: ReactNode, value: ReactNode, length?: 'long']

/** Names and values in two columns: order facts, receipt lines. */
export function Facts({ rows }: { readonly rows: readonly Fact[] }) {
  return (
    <dl className="divide-y divide-hairline">
      {rows.map(([name, value, length], at) => (
        <div
          // Rows are fixed by their page and never change places.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          key={at}
          className={classNames(
            'flex items-baseline justify-between gap-x-6 py-3 first:pt-0 last:pb-0',
            length === 'long' && 'flex-wrap',
          )}
        >
          <dt className="shrink-0 text-ink-soft">{name}</dt>
          <dd
            className={classNames('min-w-0 break-words', length === 'long' ? 'grow md:grow-0' : 'text-end')}
          >
            {value}
          </dd>
        </div>
      ))}
    </dl>
  )
}
