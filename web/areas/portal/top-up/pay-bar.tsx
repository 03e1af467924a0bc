import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LineView, StrangerLineView } from '../../../../contract/line.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { BeforeAfter } from '../../../ui/before-after.tsx'
import { Button } from '../../../ui/button.tsx'
import { DateText } from '../../../ui/date-text.tsx'
import { formatMoney } from '../../../ui/format.ts'
import { MoneyText } from '../../../ui/money-text.tsx'
import { StickyBar } from '../../../ui/sticky-bar.tsx'
import { type Choice, plus } from './choice.ts'

interface PayBarProps {
  readonly line: LineView | StrangerLineView
  readonly choice: Choice | null
  /** Why the last try did not go on; it stands where the eye and the thumb are. */
  readonly notice: ReactNode
  readonly busy: boolean
  readonly onPay: () => void
}

/** The sum, what it changes, and the button; in sight all the while. */
export function PayBar({ line, choice, notice, busy, onPay }: PayBarProps) {
  const { t } = useTranslation('purchase')
  const language = useLanguage()
  return (
    <StickyBar
      notice={notice}
      detail={choice && <Changes line={line} choice={choice} />}
      action={
        <Button size="large" busy={busy} onClick={onPay}>
          {t('bar.submit')}
        </Button>
      }
    >
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-sm text-ink-soft">{t('bar.toPay')}</span>
        {choice ? <MoneyText money={choice.price} size="large" /> : <span>{t('bar.nothing')}</span>}
        {choice?.saved && (
          <span className="text-sm text-good-ink">
            {t('bar.saved', { amount: formatMoney(choice.saved, language) })}
          </span>
        )}
      </p>
    </StickyBar>
  )
}

/** Balance and date before and after. Of a stranger's number only what is added is told. */
function Changes({ line, choice }: { readonly line: PayBarProps['line']; readonly choice: Choice }) {
  const { t } = useTranslation('purchase')
  const { lastSafeDay, addedDays } = choice.effect
  if (!line.own) {
    return (
      addedDays !== null && <BeforeAfter name={t('bar.days')} after={t('bar.added', { count: addedDays })} />
    )
  }
  const before = line.keptUntil?.lastSafeDay
  return (
    <>
      {choice.credit && (
        <BeforeAfter
          name={t('bar.balance')}
          before={<MoneyText money={line.balance} />}
          after={<MoneyText money={plus(line.balance, choice.credit)} />}
        />
      )}
      {lastSafeDay !== null && (
        <BeforeAfter
          name={t('bar.date')}
          before={before && before !== lastSafeDay ? <DateText date={before} /> : undefined}
          after={<DateText date={lastSafeDay} />}
        />
      )}
    </>
  )
}
