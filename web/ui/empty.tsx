import { Inbox } from 'lucide-react'
import type { ComponentType, ReactNode } from 'react'

interface EmptyProps {
  readonly icon?: ComponentType<{ className?: string; 'aria-hidden'?: boolean }>
  readonly title?: ReactNode
  readonly hint?: ReactNode
  readonly action?: ReactNode
}

/** Nothing to show, said plainly, with the one thing to do about it. */
export function Empty({ icon: Icon = Inbox, title, hint, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-center px-6 py-8 text-center">
      <span className="mb-4 grid size-16 place-items-center rounded-full bg-brand-soft text-brand-ink">
        <Icon aria-hidden className="size-7" />
      </span>
      {title !== undefined && <p className="mb-1 text-lg font-semibold">{title}</p>}
      {hint !== undefined && <p className="phrased max-w-80 text-ink-soft">{hint}</p>}
      {action !== undefined && <div className="mt-6">{action}</div>}
    </div>
  )
}
