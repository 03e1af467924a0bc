import type { ReactNode } from 'react'

interface StickyBarProps {
  /** The sum. */
  readonly children: ReactNode
  /** Why it did not go on, above everything else. */
  readonly notice?: ReactNode
  /** What the payment will change, on a line of its own. */
  readonly detail?: ReactNode
  readonly action: ReactNode
}

/** Stays at the bottom edge while its page scrolls, above the bar of places; the sum and the button never part. */
export function StickyBar({ children, notice, detail, action }: StickyBarProps) {
  return (
    <div className="sticky bottom-tab-bar z-10 -mx-4 bg-surface px-4 py-3 shadow-bar md:mx-0 md:rounded-xl md:px-6">
      {notice && <div className="mb-3">{notice}</div>}
      {detail && <div className="mb-1.5 flex flex-wrap gap-x-6">{detail}</div>}
      <div className="flex items-center justify-between gap-4">
        <div className="min-w-0 flex-1">{children}</div>
        <div className="shrink-0">{action}</div>
      </div>
    </div>
  )
}
