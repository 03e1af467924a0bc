import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { followOrder } from '../../../api/order-stream.ts'
import { orderQuery } from '../../../api/queries.ts'
import { serverNow } from '../../../device/server-clock.ts'
import { expectsNews, pollAfter } from './poll.ts'

/** While views arrive by themselves the order is still asked for now and then: a line can fall silent without ending. */
const liveAskMs = 30_000

/** An order, kept up to date until nothing more will come: told by the server, else asked for. */
export function useOrder(id: string, enabled = true) {
  const [live, setLive] = useState(false)
  const order = useQuery({
    ...orderQuery(id),
    enabled,
    refetchInterval: ({ state }) => {
      const pauseMs = pollAfter(state.data, state.dataUpdateCount, serverNow())
      return pauseMs !== false && live ? liveAskMs : pauseMs
    },
  })
  const visible = useVisible()
  const waits = enabled && visible && order.data !== undefined && expectsNews(order.data, serverNow())
  const queries = useQueryClient()
  useEffect(() => {
    if (!waits) return
    const { queryKey } = orderQuery(id)
    const leave = followOrder(id, {
      onView(view) {
        // An answer on its way may be older than what was told.
        void queries.cancelQueries({ queryKey }, { revert: false })
        queries.setQueryData(queryKey, view)
      },
      onLive: setLive,
      onEnd: () => setLive(false),
    })
    return () => {
      leave()
      setLive(false)
    }
  }, [id, waits, queries])
  return order
}

function useVisible(): boolean {
  return useSyncExternalStore(onVisibilityChange, () => document.visibilityState === 'visible')
}

function onVisibilityChange(changed: () => void): () => void {
  document.addEventListener('visibilitychange', changed)
  return () => document.removeEventListener('visibilitychange', changed)
}
