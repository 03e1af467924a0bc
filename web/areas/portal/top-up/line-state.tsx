import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { LineView, StrangerLineView } from '../../../../contract/line.ts'
import { isOffline } from '../../../api/request.ts'
import { Button } from '../../../ui/button.tsx'
import { Skeleton } from '../../../ui/loading.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Ring } from '../../../ui/ring.tsx'
import { StageChip } from '../../../ui/state-chip.tsx'
import { LineDates } from '../line/line-dates.tsx'
import { numberProblem } from './number-problem.ts'

export type LineQuery = UseQueryResult<LineView | StrangerLineView>

/** One line under the number: how it stands, once that is known. */
export function LineState({ line }: { readonly line: LineQuery }) {
  const { t } = useTranslation()
  if (numberProblem(line.error)) return null
  return (
    <div role="status" className="mt-3 min-h-6">
      {line.isPending && (
        <>
          <span className="sr-only">{t('topUp.checking')}</span>
          <Skeleton className="h-6 w-48" />
        </>
      )}
      {line.isError && <NotRead line={line} />}
      {line.data && (line.data.own ? <OwnState line={line.data} /> : <StrangerState line={line.data} />)}
    </div>
  )
}

/** Without a network nothing is wrong with the number, and it is looked up by itself once there is one. */
function NotRead({ line }: { readonly line: LineQuery }) {
  const { t } = useTranslation()
  const action = (
    <Button look="secondary" onClick={() => void line.refetch()}>
      {t('offline.retry')}
    </Button>
  )
  if (!isOffline(line.error)) return <ProblemNotice problem={line.error} action={action} />
  return (
    <Notice tone="warn" action={action}>
      {t('topUp.notRead')}
    </Notice>
  )
}

function StrangerState({ line }: { readonly line: StrangerLineView }) {
  const { t } = useTranslation()
  if (line.topUp === 'refused') return <Refused />
  return (
    <p className="flex items-center gap-1.5 text-good-ink">
      <CircleCheck aria-hidden className="size-5 shrink-0" />
      {t('topUp.possible')}
    </p>
  )
}

function Refused() {
  const { t } = useTranslation()
  return (
    <Notice
      tone="bad"
      title={t('topUp.refused')}
      action={
        <Link to="/help/contact" className="inline-flex min-h-target items-center font-medium underline">
          {t('footer.contact')}
        </Link>
      }
    >
      {t('topUp.refusedWhy')}
    </Notice>
  )
}

/** What only the holder sees: stage, money, and every date that is not the number's own. */
function OwnState({ line }: { readonly line: LineView }) {
  const { t } = useTranslation()
  const kept = line.keptUntil
  return (
    <div className="space-y-3">
      <div className="flex items-center gap-4 rounded-lg bg-sunken p-3 md:p-4">
        <Ring daysLeft={kept?.daysLeft ?? null} />
        <div className="min-w-0 space-y-0.5">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <StageChip stage={line.stage} />
            <span>
              <span className="text-ink-soft">{t('topUp.balance')}</span>{' '}
              <span className="font-medium">
                <MoneyText money={line.balance} />
              </span>
            </span>
          </p>
          <LineDates line={line} />
        </div>
      </div>
      {line.topUp === 'refused' && <Refused />}
    </div>
  )
}
