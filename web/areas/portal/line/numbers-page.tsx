import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AllowanceView, LineView } from '../../../../contract/line.ts'
import { myLinesQuery } from '../../../api/queries.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { groupNumber } from '../../../ui/number-plan.ts'
import { Page } from '../../../ui/page.tsx'
import { Ring } from '../../../ui/ring.tsx'
import { Sheet } from '../../../ui/sheet.tsx'
import { StageChip } from '../../../ui/state-chip.tsx'
import { BindNumber } from '../account/bind-number.tsx'
import { useAllowanceWords } from './allowance-words.ts'
import { LineDates } from './line-dates.tsx'

/** The numbers of an account: how long each is kept, what is on it, and the way to add one. */
export function NumbersPage() {
  const { t } = useTranslation('account')
  const lines = useQuery(myLinesQuery)
  const [adding, setAdding] = useState(false)
  const add = (
    <Button look="secondary" wide onClick={() => setAdding(true)}>
      <Plus aria-hidden className="size-5" />
      {t('numbers.add')}
    </Button>
  )
  return (
    <Page title={t('numbers.title')}>
      <Loaded query={lines}>
        {({ lines: mine }) => (
          <>
            {mine.length === 0 ? (
              <Card>
                <Empty title={t('numbers.empty')} hint={t('numbers.emptyHint')} />
              </Card>
            ) : (
              <ul className="space-y-4">
                {mine.toSorted(bySoonest).map((line) => (
                  <li key={line.msisdn}>
                    <LineCard line={line} />
                  </li>
                ))}
              </ul>
            )}
            {add}
            <Sheet open={adding} onClose={() => setAdding(false)} title={t('numbers.addTitle')}>
              <BindNumber onBound={() => setAdding(false)} />
            </Sheet>
          </>
        )}
      </Loaded>
    </Page>
  )
}

/** What ends first is what a person should see first; what never ends comes last. */
function bySoonest(one: LineView, other: LineView): number {
  const daysOf = ({ keptUntil }: LineView) => keptUntil?.daysLeft ?? Number.POSITIVE_INFINITY
  return daysOf(one) === daysOf(other) ? 0 : daysOf(one) - daysOf(other)
}

/** One number: how long it is kept first, then what is on it. */
function LineCard({ line }: { readonly line: LineView }) {
  const { t } = useTranslation('account')
  const plan = useNumberPlan()
  const kept = line.keptUntil
  return (
    <Card>
      <div className="flex items-center gap-4">
        <Ring daysLeft={kept?.daysLeft ?? null} />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="text-xl font-semibold">{groupNumber(line.msisdn, plan)}</span>
            <StageChip stage={line.stage} />
          </p>
          <div className="mt-1">
            <LineDates line={line} />
          </div>
        </div>
      </div>
      <dl className="mt-4 flex flex-wrap gap-x-8 gap-y-2 border-t border-hairline pt-4">
        <Figure name={t('numbers.balance')}>
          <span className="text-lg font-semibold">
            <MoneyText money={line.balance} />
          </span>
        </Figure>
        {line.allowances.length > 0 && (
          <Figure name={t('numbers.allowances')}>
            <Allowances allowances={line.allowances} />
          </Figure>
        )}
      </dl>
      {line.topUp === 'possible' ? (
        <Link
          to="/"
          search={{ number: line.msisdn }}
          className={`${buttonClass('primary', 'normal', true)} mt-4`}
        >
          {t('numbers.topUp')}
        </Link>
      ) : (
        <p className="mt-4 text-sm text-ink-soft">{t('numbers.refused')}</p>
      )}
    </Card>
  )
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-ink-soft">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** What is left to use, a line for each, the soonest to end first as the server orders them. */
function Allowances({ allowances }: { readonly allowances: readonly AllowanceView[] }) {
  const { t } = useTranslation('account')
  const words = useAllowanceWords()
  return (
    <ul>
      {allowances.map(({ unit, remaining, until, roaming }) => (
        <li key={`${unit} ${until} ${roaming}`}>
          {roaming && `${t('numbers.roaming')} `}
          {words(unit, remaining)}{' '}
          {until !== null && (
            <span className="ms-1 text-sm whitespace-nowrap text-ink-soft">
              {t('numbers.until', { date: until })}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
