import { useQuery } from '@tanstack/react-query'
import { PackageX } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LineView, StrangerLineView } from '../../../../contract/line.ts'
import type { OffersView, Owed } from '../../../../contract/offer.ts'
import { offersQuery } from '../../../api/queries.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { Card } from '../../../ui/card.tsx'
import { InstantText } from '../../../ui/date-text.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { formatMoney } from '../../../ui/format.ts'
import { Loaded } from '../../../ui/loaded.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { readAmount } from './amount-entry.ts'
import { AmountTiles } from './amount-tiles.tsx'
import { choiceOf, firstTab, type Tab, tabsOf } from './choice.ts'
import { PackageTiles } from './package-tiles.tsx'
import { PayBar } from './pay-bar.tsx'
import { PurchaseSheet } from './purchase-sheet.tsx'
import { usePurchase } from './use-purchase.ts'

interface BuyPanelProps {
  readonly line: LineView | StrangerLineView
  /** The number was typed twice or is known. */
  readonly confirmed: boolean
  readonly onUnconfirmed: () => void
  /** What was bought for this number last: see `offerKey`. */
  readonly lastTime: string | undefined
}

/** What can be bought for a line, and the buying of it. */
export function BuyPanel(props: BuyPanelProps) {
  const { t } = useTranslation(['purchase', 'portal'])
  const offers = useQuery(offersQuery(props.line.msisdn))
  return (
    <Loaded query={offers}>
      {(table) =>
        tabsOf(table).length > 0 ? (
          <Buying {...props} table={table} />
        ) : (
          <Card title={t('portal:topUp.offers')}>
            <Empty icon={PackageX} title={t('offers.none')} hint={t('offers.noneHint')} />
          </Card>
        )
      }
    </Loaded>
  )
}

/** What is chosen so far: an offer by its key, and the amount typed for a free one. */
function useChoice(table: OffersView, lastTime: string | undefined) {
  const tabs = tabsOf(table)
  const [wanted, setWanted] = useState<Tab | undefined>(() => firstTab(table, lastTime))
  const [key, setKey] = useState<string | null>(null)
  const [typed, setTyped] = useState('')
  const [missed, setMissed] = useState(false)
  const entry = table.freeAmount ? readAmount(typed, table.freeAmount) : { kind: 'empty' as const }
  const amount = entry.kind === 'good' ? entry.amount : null
  return {
    tabs,
    tab: tabs.find((tab) => tab === wanted) ?? tabs[0] ?? 'amount',
    choice: choiceOf(table, key, amount),
    key,
    typed,
    entry,
    /** The person wanted to go on without a choice. */
    missed,
    miss: () => setMissed(true),
    toTab(next: Tab) {
      setWanted(next)
      setKey(null)
      setMissed(false)
    },
    choose(next: string) {
      setKey(next)
      setMissed(false)
    },
    type: setTyped,
  }
}

function Buying({ line, table, confirmed, onUnconfirmed, lastTime }: BuyPanelProps & { table: OffersView }) {
  const { t } = useTranslation(['purchase', 'state', 'portal'])
  const chosen = useChoice(table, lastTime)
  const purchase = usePurchase(line.msisdn)
  const tiles = useRef<HTMLDivElement>(null)
  const { tab, tabs, choice } = chosen
  const goOn = () => {
    if (!confirmed) return onUnconfirmed()
    if (choice) return purchase.begin(choice)
    chosen.miss()
    tiles.current?.querySelector<HTMLInputElement>('input[inputmode], input[type=radio]')?.focus()
  }
  return (
    <>
      <Card title={t('portal:topUp.offers')}>
        {tabs.length > 1 && (
          <Tabs
            label={t('offers.tabs')}
            options={tabs.map((value) => ({
              value,
              text: value === 'amount' ? t('offers.amount') : t(`state:term.${value}`),
            }))}
            value={tab}
            onValue={chosen.toTab}
          />
        )}
        <div ref={tiles} className="mt-3">
          {tab === 'amount' ? (
            <AmountTiles table={table} chosen={chosen} lastTime={lastTime} own={line.own} />
          ) : (
            <PackageTiles table={table} term={tab} chosen={chosen} lastTime={lastTime} own={line.own} />
          )}
        </div>
        {choice && <ValidityText of={choice.effect.validityText} />}
        {tab === 'amount' && table.owed && <OwedText owed={table.owed} />}
      </Card>
      <PayBar
        line={line}
        choice={choice}
        notice={
          chosen.missed && choice === null ? (
            <Notice tone="bad">{t(chosen.key === null ? 'offers.choose' : 'offers.chooseAmount')}</Notice>
          ) : (
            purchase.problem !== null && <ProblemNotice problem={purchase.problem} />
          )
        }
        busy={purchase.busy}
        onPay={goOn}
      />
      <PurchaseSheet purchase={purchase} target={line.msisdn} />
    </>
  )
}

/** The validity text of what is chosen: told before the sale, and kept with the order. */
function ValidityText({ of: text }: { readonly of: { readonly 'zh-CN': string; readonly en: string } }) {
  const { t } = useTranslation('purchase')
  const words = text[useLanguage()]
  if (words === '') return null
  return (
    <div className="mt-4 rounded-lg bg-sunken px-4 py-3 text-sm">
      <p className="font-medium">{t('offers.validity')}</p>
      <p className="text-ink-soft">
        <Sentence>{words}</Sentence>
      </p>
    </div>
  )
}

/** Of one's own number: what credit pays first. A package brings none. */
function OwedText({ owed: { amount, since } }: { readonly owed: Owed }) {
  const { t } = useTranslation('purchase')
  const money = formatMoney(amount, useLanguage())
  return (
    <div className="mt-3">
      <Notice tone="info">
        <Sentence>{t('offers.owed', { amount: money })}</Sentence>{' '}
        <span className="whitespace-nowrap">
          {t('offers.owedSince')} <InstantText at={since} />
        </span>
      </Notice>
    </div>
  )
}

export type Chosen = ReturnType<typeof useChoice>
