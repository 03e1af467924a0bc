import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Smartphone } from 'lucide-react'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { lineQuery, offersQuery } from '../../../api/queries.ts'
import { isOffline } from '../../../api/request.ts'
import { isOnline, onOnline } from '../../../device/online.ts'
import { onDemand } from '../../../language/on-demand.tsx'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Card } from '../../../ui/card.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { readEntry } from '../../../ui/number-entry.ts'
import { toMsisdn } from '../../../ui/number-plan.ts'
import { Page } from '../../../ui/page.tsx'
import { NumberCard } from './number-card.tsx'
import { useKnownNumbers } from './use-known-numbers.ts'

const route = getRouteApi('/')

/** Offers, proof and cashier: wanted only once there is a number to buy for. */
const buying = onDemand({
  texts: 'purchase',
  load: async () => (await import('./buy-panel.tsx')).BuyPanel,
  Waiting: () => <OffersLater state="loading" />,
})

/** What was on sale at the last visit, for who has no network now. */
const kept = onDemand({
  texts: 'purchase',
  load: async () => (await import('./kept-prices.tsx')).KeptPrices,
  Waiting: () => <OffersLater state="loading" />,
})

/** Where else one may want to go: after the number, and after what can be bought for it. */
const entries = onDemand({
  texts: 'home',
  load: async () => (await import('../home-entries.tsx')).HomeEntries,
  Waiting: () => null,
})

/** The first page: a number, then what can be bought for it. */
export function TopUpPage() {
  const { t } = useTranslation()
  const plan = useNumberPlan()
  const queries = useQueryClient()
  const known = useKnownNumbers()
  const { number } = route.useSearch()
  const [typed, setTyped] = useState(() => (number === undefined ? null : readEntry(number, plan)))
  const [again, setAgain] = useState('')
  const [missed, setMissed] = useState(false)
  const againField = useRef<HTMLInputElement>(null)

  // Until something is typed, a person's own number is there already.
  const [own] = known.mine
  const entry = typed ?? readEntry(own?.msisdn ?? '', plan)
  const msisdn = toMsisdn(entry, plan)
  const line = useQuery({ ...lineQuery(msisdn ?? ''), enabled: msisdn !== null })
  const isKnown = line.data?.own === true || known.recent.some((recent) => recent.msisdn === msisdn)
  const online = useSyncExternalStore(onOnline, isOnline)
  const open = line.data?.topUp === 'possible' && known.settled
  const change = (next: string) => {
    setTyped(next)
    setAgain('')
    setMissed(false)
    if (next !== '') buying.preload()
  }
  // Prices travel beside the line's state, not after it.
  useEffect(() => {
    if (msisdn !== null) void queries.prefetchQuery(offersQuery(msisdn))
  }, [queries, msisdn])

  return (
    <Page title={t('topUp.title')} lead={t('topUp.lead')} band>
      <NumberCard
        entry={entry}
        onEntry={change}
        line={line}
        known={known}
        again={open && !isKnown ? { value: again, onValue: setAgain, entry, missed, ref: againField } : null}
      />
      {open && line.data ? (
        <buying.Component
          key={line.data.msisdn}
          line={line.data}
          confirmed={isKnown || again === entry}
          onUnconfirmed={() => {
            setMissed(true)
            againField.current?.focus()
          }}
          lastTime={known.lastOffer(line.data.msisdn)}
        />
      ) : !online || isOffline(line.error) ? (
        <kept.Component />
      ) : (
        <OffersLater
          state={
            msisdn === null
              ? 'no-number'
              : line.isError || line.data?.topUp === 'refused'
                ? 'none'
                : 'loading'
          }
        />
      )}
      <entries.Component />
    </Page>
  )
}

/** The place of the offers while there are none to show. */
function OffersLater({ state }: { readonly state: 'no-number' | 'loading' | 'none' }) {
  const { t } = useTranslation()
  if (state === 'none') return null
  return (
    <Card title={t('topUp.offers')}>
      {state === 'loading' ? <Loading lines={4} /> : <Empty icon={Smartphone} hint={t('topUp.waiting')} />}
    </Card>
  )
}
