import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { onDemand } from '../../../language/on-demand.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { Sheet } from '../../../ui/sheet.tsx'
import type { Purchase, PurchaseStep } from './use-purchase.ts'

const late = { texts: 'purchase', Waiting: Loading } as const
const proof = onDemand({ ...late, load: async () => (await import('./proof-step.tsx')).ProofStep })
const duplicate = onDemand({
  ...late,
  load: async () => (await import('./duplicate-step.tsx')).DuplicateStep,
})
const cashier = onDemand({ ...late, load: async () => (await import('../payment/cashier.tsx')).Cashier })
const browser = onDemand({
  ...late,
  load: async () => (await import('../payment/open-in-browser.tsx')).OpenInBrowser,
})

interface PurchaseSheetProps {
  readonly purchase: Purchase
  /** The number topped up, E.164 digits. */
  readonly target: string
}

/** One sheet for all that is asked on the way to the wallet, so that nothing jumps between its steps. */
export function PurchaseSheet({ purchase, target }: PurchaseSheetProps) {
  const { t } = useTranslation('purchase')
  const { step, busy, close } = purchase
  // What comes next is fetched while the server thinks about the order.
  useEffect(() => {
    if (!busy) return
    proof.preload()
    cashier.preload()
  }, [busy])
  const titles: Readonly<Record<PurchaseStep['at'], string>> = {
    proof: t('proof.title'),
    duplicate: t('duplicate.title'),
    cashier: t('cashier.title'),
    'open-in-browser': t('browser.title'),
  }
  return (
    <Sheet open={step !== null} onClose={close} title={step ? titles[step.at] : ''}>
      {step && <Step step={step} purchase={purchase} target={target} />}
    </Sheet>
  )
}

function Step({ step, purchase, target }: PurchaseSheetProps & { readonly step: PurchaseStep }) {
  const { busy, proved, confirmDuplicate, close } = purchase
  switch (step.at) {
    case 'proof':
      return <proof.Component target={target} busy={busy} onProved={proved} />
    case 'duplicate':
      return <duplicate.Component problem={step.problem} busy={busy} onYes={confirmDuplicate} />
    case 'cashier':
      return <cashier.Component order={step.order} onAgain={close} />
    case 'open-in-browser':
      return <browser.Component number={target} />
  }
}
