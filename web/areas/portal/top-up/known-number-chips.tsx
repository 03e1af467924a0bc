import { useTranslation } from 'react-i18next'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { readEntry } from '../../../ui/number-entry.ts'
import { groupNumber, maskNumber } from '../../../ui/number-plan.ts'
import { Ring } from '../../../ui/ring.tsx'
import { ShortKept } from '../line/line-dates.tsx'
import type { AboutNumberProps } from './about-number.tsx'

/** One tap instead of eleven digits. While a number is typed only those that begin like it stay. */
export function KnownNumberChips(props: Pick<AboutNumberProps, 'entry' | 'onEntry' | 'known'>) {
  const { entry, onEntry, known } = props
  const { t } = useTranslation()
  const plan = useNumberPlan()
  const dialled = ({ msisdn }: { readonly msisdn: string }) => readEntry(msisdn, plan)
  const isWhole = [...known.mine, ...known.recent].map(dialled).includes(entry)
  const isOffered = (number: { readonly msisdn: string }) =>
    dialled(number) !== entry && (isWhole || dialled(number).startsWith(entry))
  const mine = known.mine.filter(isOffered)
  const recent = known.recent.filter(isOffered)
  const chip = 'min-h-target shrink-0 border border-hairline hover:border-brand-line hover:bg-brand-soft'
  return (
    <>
      {mine.length > 0 && (
        <div className="mt-4">
          <p className="text-sm text-ink-soft">{t('topUp.mine')}</p>
          <ul className="-mx-4 mt-1 flex snap-x scroll-px-4 gap-2 overflow-x-auto px-4 py-1 md:mx-0 md:flex-wrap md:px-0">
            {mine.map((line) => (
              <li key={line.msisdn} className="flex snap-start">
                <button
                  type="button"
                  onClick={() => onEntry(dialled(line))}
                  className={`${chip} flex items-center gap-3 rounded-lg px-3 py-2 text-start`}
                >
                  <Ring small daysLeft={line.keptUntil?.daysLeft ?? null} />
                  <span>
                    <span className="block font-semibold">{groupNumber(line.msisdn, plan)}</span>
                    <ShortKept kept={line.keptUntil} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      {recent.length > 0 && (
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <span className="text-sm text-ink-soft">{t('topUp.recent')}</span>
          {recent.map((number) => (
            <button
              key={number.msisdn}
              type="button"
              onClick={() => onEntry(dialled(number))}
              className={`${chip} rounded-full bg-sunken px-4 font-medium`}
            >
              {maskNumber(number.msisdn, plan)}
            </button>
          ))}
        </div>
      )}
      {entry === '' && known.recent.length > 0 && (
        <Button look="quiet" className="-ms-5 text-sm" onClick={known.forget}>
          {t('topUp.forget')}
        </Button>
      )}
    </>
  )
}
