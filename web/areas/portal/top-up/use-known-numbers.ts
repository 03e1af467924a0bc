import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { LineView } from '../../../../contract/line.ts'
import { myLinesQuery, sessionQuery } from '../../../api/queries.ts'
import { forgetRecentNumbers, type RecentNumber, recentNumbers } from '../../../device/known-numbers.ts'

/** Numbers that need not be typed twice, as E.164 digits. */
export interface KnownNumbers {
  /** Bound to the account, in the order they were bound. */
  readonly mine: readonly LineView[]
  /** Topped up on this device before, and not among those. */
  readonly recent: readonly RecentNumber[]
  /** What was bought for a number last on this device: see `offerKey`. */
  lastOffer(msisdn: string): string | undefined
  /** Whether the account's numbers have arrived, or there is no account. */
  readonly settled: boolean
  forget(): void
}

export function useKnownNumbers(): KnownNumbers {
  const session = useQuery(sessionQuery)
  const signedIn = session.data?.kind === 'login'
  const lines = useQuery({ ...myLinesQuery, enabled: signedIn })
  const [kept, setKept] = useState(recentNumbers)
  const mine = lines.data?.lines ?? []
  return {
    mine,
    recent: kept.filter((recent) => mine.every(({ msisdn }) => msisdn !== recent.msisdn)),
    lastOffer: (msisdn) => kept.find((recent) => recent.msisdn === msisdn)?.offer,
    settled: !session.isPending && !(signedIn && lines.isPending),
    forget: () => {
      forgetRecentNumbers()
      setKept([])
    },
  }
}
