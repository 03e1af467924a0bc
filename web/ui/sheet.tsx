import { X } from 'lucide-react'
import { type MouseEvent, type ReactNode, useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'

interface SheetProps {
  readonly open: boolean
  /** Escape, the cross and a tap beside it all close; what is under way must live outside the sheet. */
  readonly onClose: () => void
  readonly title: string
  readonly children: ReactNode
}

/** A native modal dialog: bottom sheet on phones, centred on wide screens. Focus trap, Escape and focus return are the browser's. */
export function Sheet({ open, onClose, title, children }: SheetProps) {
  const { t } = useTranslation('kit')
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const titleId = useId()

  useEffect(() => {
    const element = dialog.current
    if (!element || open === element.open) return
    if (open) element.showModal()
    else element.close()
    document.documentElement.classList.toggle('sheet-open', open)
  }, [open])

  useEffect(() => () => document.documentElement.classList.remove('sheet-open'), [])

  // A sheet that goes on to its next step starts it at the title, as a page would.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the title is what tells the steps apart
  useEffect(() => {
    if (open) heading.current?.focus()
  }, [open, title])

  // The dialog's own box is only its backdrop's edge: everything inside sits in the inner box.
  const closeBeside = (event: MouseEvent) => {
    if (event.target === dialog.current) onClose()
  }

  return (
    // Escape is the keyboard's way to close; the click handler serves taps on the backdrop.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={closeBeside}
      className="sheet m-auto mb-0 rounded-t-xl bg-surface text-start text-ink shadow-sheet md:mb-auto md:rounded-xl"
    >
      {open && (
        <div className="px-4 pt-2 pb-[max(1.5rem,env(safe-area-inset-bottom))] md:px-6">
          <div className="flex items-center justify-between gap-4 py-2">
            <h2 id={titleId} ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
              {title}
            </h2>
            <button
              type="button"
              aria-label={t('close')}
              onClick={onClose}
              className="-me-2 grid size-target place-items-center rounded-full text-ink-soft hover:bg-sunken hover:text-ink"
            >
              <X aria-hidden className="size-5" />
            </button>
          </div>
          {children}
        </div>
      )}
    </dialog>
  )
}
