import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { onDemand } from '../../../language/on-demand.ts'
import { Loading } from '../../../ui/loading.tsx'
import { Sheet } from '../../../ui/sheet.tsx'
import type { Purchase, PurchaseStep } from './use-purchase.ts'

const proof = onDemand('purchase', async () => (await import('./proof-step.tsx')).ProofStep)
const duplicate = onDemand('purchase', async () => (await import('./duplicate-step.tsx')).DuplicateStep)
const cashier = onDemand('purchase', async () => (await import('../payment/cashier.tsx')).Cashier)
const browser = onDemand(
  'purchase',
  async () => (await import('../payment/open-in-browser.tsx')).OpenInBrowser,
)

interface PurchaseSheetProps {
  readonly purchase: Purchase
  /** The number topped up, E.164 digits. */
  readonly target: string
}

/** One sheet for all that is asked on the way to the wallet, so that nothing jumps between its steps. */
export function PurchaseSheet({ purchase, target }: PurchaseSheetProps) {
  const { t } = useTranslation('purchase')
  const { step, close } = purchase
  const titles: Readonly<Record<PurchaseStep['at'], string>> = {
    proof: t('proof.title'),
    duplicate: t('duplicate.title'),
    cashier: t('cashier.title'),
    'open-in-browser': t('browser.title'),
  }
  return (
    <Sheet open={step !== null} onClose={close} title={step ? titles[step.at] : ''}>
      <Suspense fallback={<Loading />}>
        {step && <Step step={step} purchase={purchase} target={target} />}
      </Suspense>
    </Sheet>
  )
}

function Step({ step, purchase, target }: PurchaseSheetProps & { readonly step: PurchaseStep }) {
  switch (step.at) {
    case 'proof':
      return <proof.Component target={target} busy={purchase.busy} onProved={purchase.proved} />
    case 'duplicate':
      return (
        <duplicate.Component problem={step.problem} busy={purchase.busy} onYes={purchase.confirmDuplicate} />
      )
    case 'cashier':
      return <cashier.Component order={step.order} onAgain={purchase.close} />
    case 'open-in-browser':
      return <browser.Component number={target} />
  }
}
