import type { OrderView } from '../../contract/top-up.ts'

export interface OrderListener {
  /** The order as it stands now. */
  onView(order: OrderView): void
  /** Whether views arrive: false from the moment the line is lost until the next one is there. */
  onLive(live: boolean): void
  /** Nothing more will come. */
  onEnd(): void
}

/**
 * Follows an order by server-sent events; the function it gives ends that. The browser connects again by itself, unless the
 * server refused: then nothing is heard any more, and the order must be asked for.
 */
export function followOrder(id: string, { onView, onLive, onEnd }: OrderListener): () => void {
  const stream = new EventSource(`/v1/top-ups/${encodeURIComponent(id)}/events`)
  let heardBefore = false
  stream.addEventListener('order', ({ data }) => {
    heardBefore = true
    onLive(true)
    onView(JSON.parse(data))
  })
  // Who comes back knowing the present view is sent nothing; a first connection is live only once a view has come through.
  stream.addEventListener('open', () => {
    if (heardBefore) onLive(true)
  })
  stream.addEventListener('error', () => onLive(false))
  stream.addEventListener('end', () => {
    stream.close()
    onEnd()
  })
  return () => stream.close()
}
