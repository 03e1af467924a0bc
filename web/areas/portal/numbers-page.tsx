import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { LineView } from '../../../contract/line.ts'
import { myLinesQuery } from '../../api/queries.ts'
import { useNumberPlan } from '../../ui/brand-context.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MoneyText } from '../../ui/money-text.tsx'
import { groupNumber } from '../../ui/number-plan.ts'
import { Page } from '../../ui/page.tsx'
import { Ring, useDaysLeftText } from '../../ui/ring.tsx'
import { StageChip } from '../../ui/state-chip.tsx'

export function NumbersPage() {
  const { t } = useTranslation()
  const lines = useQuery(myLinesQuery)
  return (
    <Page title={t('numbers.title')}>
      <Loaded query={lines}>
        {({ lines: mine }) =>
          mine.length === 0 ? (
            <Card>
              <Empty title={t('numbers.empty')} hint={t('numbers.emptyHint')} />
            </Card>
          ) : (
            <ul className="space-y-4">
              {mine.map((line) => (
                <li key={line.msisdn}>
                  <LineCard line={line} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  )
}

/** One number: how long it is kept first, then what is on it. */
function LineCard({ line }: { readonly line: LineView }) {
  const { t } = useTranslation(['portal', 'state'])
  const plan = useNumberPlan()
  const daysLeftText = useDaysLeftText()
  const kept = line.keptUntil
  const daysLeft = kept?.daysLeft ?? null
  return (
    <Card>
      <div className="flex items-center gap-4">
        <Ring daysLeft={daysLeft} />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="text-xl font-semibold">{groupNumber(line.msisdn, plan)}</span>
            <StageChip stage={line.stage} />
          </p>
          <p className="mt-1">
            {kept?.lastSafeDay == null
              ? t('topUp.keptAlways')
              : t('topUp.keptUntil', { date: kept.lastSafeDay, left: daysLeftText(daysLeft) })}
          </p>
        </div>
      </div>
      <dl className="mt-4 flex flex-wrap gap-x-8 gap-y-2 border-t border-hairline pt-4">
        <Figure name={t('numbers.balance')}>
          <MoneyText money={line.balance} />
        </Figure>
        {line.clocks
          .filter((clock) => clock.clock !== 'number' && clock.lastSafeDay !== kept?.lastSafeDay)
          .map((clock) => (
            <Figure key={clock.clock} name={t(`state:clock.${clock.clock}`)}>
              {clock.lastSafeDay ?? t('topUp.keptAlways')}
            </Figure>
          ))}
      </dl>
      {line.topUp === 'possible' && (
        <Link
          to="/"
          search={{ number: line.msisdn }}
          className={`${buttonClass('primary', 'normal', true)} mt-4`}
        >
          {t('numbers.topUp')}
        </Link>
      )}
    </Card>
  )
}

function Figure({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-ink-soft">{name}</dt>
      <dd className="text-lg font-medium">{children}</dd>
    </div>
  )
}
