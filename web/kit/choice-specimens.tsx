import { Wallet } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLanguage } from '../language/use-language.ts'
import { BeforeAfter } from '../ui/before-after.tsx'
import { useBrand } from '../ui/brand-context.ts'
import { Button } from '../ui/button.tsx'
import { DateText } from '../ui/date-text.tsx'
import { formatCountdown, formatMoney } from '../ui/format.ts'
import { MoneyText } from '../ui/money-text.tsx'
import { OfferTile, OfferTiles } from '../ui/offer-tile.tsx'
import { RadioRows } from '../ui/radio-rows.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { StickyBar } from '../ui/sticky-bar.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Specimen } from './specimen.tsx'

export function OfferSpecimen() {
  const { t } = useTranslation(['ui-kit', 'purchase', 'state'])
  const language = useLanguage()
  const { currency } = useBrand()
  const [choice, setChoice] = useState('quarter')
  const money = (amountMinor: string) => ({ amountMinor, currency })
  const price = (amountMinor: string) =>
    t('purchase:offers.price', { price: formatMoney(money(amountMinor), language) })
  const contents = t('offer.contents').split(' · ')
  const tile = (value: string) => ({ name: 'sample', value, checked: choice === value, onChoose: setChoice })
  return (
    <Specimen of="offers">
      <OfferTiles label={t('offer.pick')}>
        <OfferTile
          {...tile('quarter')}
          title={t('offer.quarter')}
          price={price('4980')}
          badge={t('purchase:offers.recommended')}
          contents={contents}
          effect={[t('purchase:offers.lastSafeDay', { date: '2027-05-21' })]}
        />
        <OfferTile
          {...tile('year')}
          wide
          title={t('offer.year')}
          price={price('18800')}
          contents={contents}
          effect={[t('purchase:offers.lastSafeDay', { date: '2027-11-21' })]}
        />
        <OfferTile
          {...tile('30')}
          title={<MoneyText money={money('3000')} />}
          price={price('2985')}
          badge={t('purchase:offers.lastTime')}
          effect={[t('purchase:offers.addedDays', { count: 90 })]}
        />
        <OfferTile
          {...tile('100')}
          title={<MoneyText money={money('10000')} />}
          price={price('9950')}
          contents={[t('purchase:offers.bonus', { bonus: formatMoney(money('500'), language) })]}
          effect={[t('purchase:offers.endless')]}
        />
        <OfferTile
          {...tile('500')}
          title={<MoneyText money={money('50000')} />}
          price={price('49800')}
          effect={[t('offer.off')]}
          disabled
        />
      </OfferTiles>
    </Specimen>
  )
}

const terms = ['month', 'quarter', 'year'] as const

export function TabsSpecimen() {
  const { t } = useTranslation(['ui-kit', 'purchase', 'state'])
  const [term, setTerm] = useState<(typeof terms)[number] | 'amount'>('quarter')
  const options = [
    ...terms.map((value) => ({ value, text: t(`state:term.${value}`) })),
    { value: 'amount' as const, text: t('purchase:offers.amount') },
  ]
  return (
    <Specimen of="tabs">
      <Tabs label={t('tab.label')} options={options} value={term} onValue={setTerm} />
    </Specimen>
  )
}

export function RowsSpecimen() {
  const { t } = useTranslation(['ui-kit', 'purchase'])
  const [method, setMethod] = useState<'alipay-qr' | 'alipay-page' | 'wechat-qr'>('alipay-qr')
  const rows = (['alipay-qr', 'alipay-page', 'wechat-qr'] as const).map((value) => ({
    value,
    off: value === 'wechat-qr',
    icon: <Wallet aria-hidden className="size-6 text-brand-ink" />,
    text: t(`purchase:cashier.ways.${value}.text`),
    hint:
      value === 'wechat-qr' ? t('purchase:cashier.notAnswering') : t(`purchase:cashier.ways.${value}.hint`),
  }))
  return (
    <Specimen of="rows">
      <RadioRows label={t('purchase:cashier.method')} rows={rows} value={method} onValue={setMethod} />
    </Specimen>
  )
}

export function SheetSpecimen() {
  const { t } = useTranslation(['ui-kit', 'purchase', 'state'])
  const { currency } = useBrand()
  const language = useLanguage()
  const [open, setOpen] = useState(false)
  const amount = { amountMinor: '4980', currency }
  return (
    <Specimen of="sheet">
      <Button look="secondary" onClick={() => setOpen(true)}>
        {t('sheet.open')}
      </Button>
      <Sheet open={open} onClose={() => setOpen(false)} title={t('sheet.title')}>
        <div className="py-4 text-center">
          <MoneyText money={amount} size="large" />
        </div>
        <p className="pb-4 text-center text-ink-soft">{t('sheet.body', { time: formatCountdown(1745) })}</p>
        <Button size="large" wide onClick={() => setOpen(false)}>
          {t('purchase:cashier.confirm', { amount: formatMoney(amount, language) })}
        </Button>
      </Sheet>
    </Specimen>
  )
}

export function BarSpecimen() {
  const { t } = useTranslation(['ui-kit', 'purchase', 'state'])
  const { currency } = useBrand()
  const language = useLanguage()
  return (
    <Specimen of="bar">
      <div>
        <StickyBar
          detail={
            <>
              <BeforeAfter
                name={t('bar.balance')}
                before={<MoneyText money={{ amountMinor: '1230', currency }} />}
                after={<MoneyText money={{ amountMinor: '6230', currency }} />}
              />
              <BeforeAfter
                name={t('bar.date')}
                before={<DateText date="2026-12-03" />}
                after={<DateText date="2027-06-01" />}
              />
            </>
          }
          action={<Button size="large">{t('button.primary')}</Button>}
        >
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="text-sm text-ink-soft">{t('bar.toPay')}</span>
            <MoneyText money={{ amountMinor: '4980', currency }} size="large" />
            <span className="text-sm text-good-ink">
              {t('bar.saved', { amount: formatMoney({ amountMinor: '20', currency }, language) })}
            </span>
          </p>
        </StickyBar>
      </div>
    </Specimen>
  )
}
