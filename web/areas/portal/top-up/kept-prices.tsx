import { useQuery } from '@tanstack/react-query'
import { CircleCheck, WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PriceTableView } from '../../../../contract/offer.ts'
import { priceTableQuery } from '../../../api/price-table.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { Card } from '../../../ui/card.tsx'
import { DateText } from '../../../ui/date-text.tsx'
import { DotList } from '../../../ui/dot-list.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { moneyPhrase } from '../../../ui/format.ts'
import { Loading } from '../../../ui/loading.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { terms } from './choice.ts'
import { usePackageContents } from './offer-words.ts'

/** In place of the offers while nobody can be asked for them: the price table kept at the last visit, and what needs the network. */
export function KeptPrices() {
  const { t } = useTranslation('purchase')
  const prices = useQuery(priceTableQuery)
  if (prices.isPending) {
    return (
      <Card>
        <Loading lines={4} />
      </Card>
    )
  }
  if (prices.data === undefined) {
    return (
      <Card>
        <Empty icon={WifiOff} title={t('kept.noneTitle')} hint={t('kept.none')} />
      </Card>
    )
  }
  return (
    <>
      <WhatWorks />
      <PriceList table={prices.data} />
    </>
  )
}

/** What can be had here and now, and what cannot. */
function WhatWorks() {
  const { t } = useTranslation('purchase')
  return (
    <Card title={t('kept.title')}>
      <ul className="space-y-3">
        <li className="flex gap-3">
          <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-good-ink" />
          <span>
            <span className="block font-medium">{t('kept.can')}</span>
            <span className="text-ink-soft">{t('kept.canText')}</span>
          </span>
        </li>
        <li className="flex gap-3">
          <WifiOff aria-hidden className="mt-0.5 size-5 shrink-0 text-warn-ink" />
          <span>
            <span className="block font-medium">{t('kept.needs')}</span>
            <span className="text-ink-soft">{t('kept.needsText')}</span>
          </span>
        </li>
      </ul>
    </Card>
  )
}

/** Prices to read, not to choose from: under the day they were kept for, and no word about any number's dates. */
function PriceList({ table }: { readonly table: PriceTableView }) {
  const { t } = useTranslation(['purchase', 'state'])
  const language = useLanguage()
  const contents = usePackageContents()
  const { freeAmount } = table
  return (
    <Card title={t('kept.table')} aside={<DateText date={table.day} />}>
      <p className="-mt-2 mb-4 text-sm text-ink-soft">
        <Sentence>{t('kept.mayDiffer')}</Sentence>
      </p>
      <div className="space-y-5">
        {terms.map((term) => (
          <Group
            key={term}
            title={t(`state:term.${term}`)}
            rows={table.packages
              .filter((offer) => offer.term === term)
              .map((offer) => ({
                name: offer.name[language],
                notes: contents(offer),
                price: <MoneyText money={offer.price} />,
              }))}
          />
        ))}
        <Group
          title={t('kept.credit')}
          rows={[
            ...table.denominations.map((offer) => ({
              name: t('kept.face', { face: moneyPhrase(offer.face, language) }),
              notes:
                offer.bonus.amountMinor === '0'
                  ? []
                  : [t('offers.bonus', { bonus: moneyPhrase(offer.bonus, language) })],
              price: <MoneyText money={offer.price} />,
            })),
            ...(freeAmount
              ? [
                  {
                    name: t('offers.custom'),
                    notes: [],
                    price: t('offers.customRange', {
                      min: moneyPhrase(freeAmount.min, language),
                      max: moneyPhrase(freeAmount.max, language),
                    }),
                  },
                ]
              : []),
          ]}
        />
      </div>
    </Card>
  )
}

interface Row {
  readonly name: string
  /** What it holds, or gives besides. */
  readonly notes: readonly string[]
  readonly price: ReactNode
}

function Group({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  if (rows.length === 0) return null
  return (
    <div>
      <h3 className="text-sm font-semibold text-ink-soft">{title}</h3>
      <ul className="divide-y divide-hairline">
        {rows.map(({ name, notes, price }) => (
          <li key={name} className="flex items-baseline justify-between gap-6 py-3">
            <span className="min-w-0">
              <span className="block">{name}</span>
              {notes.length > 0 && (
                <span className="text-sm text-ink-soft">
                  <DotList items={notes} />
                </span>
              )}
            </span>
            <span className="shrink-0 font-semibold">{price}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
