import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LineView } from '../../../../contract/line.ts'
import { send } from '../../../api/account.ts'
import { myLinesQuery } from '../../../api/queries.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { groupNumber } from '../../../ui/number-plan.ts'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Sheet } from '../../../ui/sheet.tsx'

/** The numbers of the account, and the unbinding of one, which says first what it means. */
export function BoundNumbersCard() {
  const { t } = useTranslation('profile')
  const plan = useNumberPlan()
  const queries = useQueryClient()
  const lines = useQuery(myLinesQuery)
  const [asked, setAsked] = useState<string | null>(null)
  const unbinding = useMutation({
    mutationFn: (msisdn: string) => send(`/v1/me/lines/${msisdn}`, 'DELETE'),
    onSuccess: async () => {
      setAsked(null)
      await queries.invalidateQueries({ queryKey: myLinesQuery.queryKey })
    },
  })
  const shown = (msisdn: string | null | undefined) => (msisdn ? groupNumber(msisdn, plan) : '')
  const ask = (msisdn: string) => {
    unbinding.reset()
    setAsked(msisdn)
  }
  return (
    <Card
      title={t('bound.title')}
      aside={
        <Link to="/me/numbers" className="inline-flex min-h-target items-center text-brand-ink underline">
          {t('bound.manage')}
        </Link>
      }
    >
      {unbinding.isSuccess && (
        <div className="mb-4">
          <Notice tone="good">{t('bound.done', { number: shown(unbinding.variables) })}</Notice>
        </div>
      )}
      <Loaded query={lines}>{({ lines: mine }) => <BoundList lines={mine} onUnbind={ask} />}</Loaded>
      <Sheet
        open={asked !== null}
        onClose={() => setAsked(null)}
        title={t('bound.confirmTitle', { number: shown(asked) })}
      >
        <div className="space-y-5">
          <p>{t('bound.confirm')}</p>
          {unbinding.isError && <ProblemNotice problem={unbinding.error} />}
          <div className="grid gap-3 md:grid-cols-2">
            <Button look="secondary" onClick={() => setAsked(null)}>
              {t('bound.keep')}
            </Button>
            <Button
              look="danger"
              busy={unbinding.isPending}
              onClick={() => asked !== null && unbinding.mutate(asked)}
            >
              {t('bound.submit')}
            </Button>
          </div>
        </div>
      </Sheet>
    </Card>
  )
}

interface BoundListProps {
  readonly lines: readonly LineView[]
  readonly onUnbind: (msisdn: string) => void
}

function BoundList({ lines, onUnbind }: BoundListProps) {
  const { t } = useTranslation('profile')
  const plan = useNumberPlan()
  if (lines.length === 0) return <p className="text-ink-soft">{t('bound.empty')}</p>
  return (
    <ul className="divide-y divide-hairline">
      {lines.map(({ msisdn }) => (
        <li key={msisdn} className="flex items-center justify-between gap-4 py-3 first:pt-0 last:pb-0">
          <span className="font-medium whitespace-nowrap">{groupNumber(msisdn, plan)}</span>
          <Button
            look="secondary"
            aria-label={t('bound.unbindLabel', { number: groupNumber(msisdn, plan) })}
            onClick={() => onUnbind(msisdn)}
          >
            {t('bound.unbind')}
          </Button>
        </li>
      ))}
    </ul>
  )
}
