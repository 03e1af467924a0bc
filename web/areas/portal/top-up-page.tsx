import { getRouteApi } from '@tanstack/react-router'
import { Smartphone } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNumberExample, useNumberPlan } from '../../ui/brand-context.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { readEntry } from '../../ui/number-entry.ts'
import { NumberField } from '../../ui/number-field.tsx'
import { numberLength } from '../../ui/number-plan.ts'
import { Page } from '../../ui/page.tsx'
import { useProblemTexts } from '../../ui/problem-notice.tsx'

const route = getRouteApi('/')

/** The first page: a number, then what can be bought for it. */
export function TopUpPage() {
  const { t } = useTranslation()
  const problemTexts = useProblemTexts()
  const plan = useNumberPlan()
  const example = useNumberExample()
  const { number = '' } = route.useSearch()
  const [entry, setEntry] = useState(() => readEntry(number, plan))
  const tooLong = entry.replace('+', '').length > numberLength(plan)
  return (
    <Page title={t('topUp.title')} lead={t('topUp.lead')} band>
      <Card>
        <NumberField
          label={t('topUp.number')}
          error={tooLong ? problemTexts({ code: 'number-invalid' }).text : undefined}
          plan={plan}
          example={example}
          value={entry}
          onValue={setEntry}
        />
      </Card>
      <Card title={t('topUp.offers')}>
        <Empty icon={Smartphone} hint={t('topUp.waiting')} />
      </Card>
    </Page>
  )
}
