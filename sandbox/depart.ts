import type { Clock } from './clock.ts'

/** How long a notification waits for a newer one to go before it. */
const reorderHoldMs = 5_000

/** Starts a notification; `then` is told when its first rung is over. */
type Go = (then?: () => void) => void

interface Office {
  clock: Clock
  /** What waits for the next notification of its merchant. */
  held: Map<string, () => void>
}

/** Lets a notification go after the delay, and in the order, that its merchant's knobs ask for. */
export function depart(
  office: Office,
  merchant: string,
  knobs: { delaySeconds: number; reorder: boolean },
  go: Go,
): void {
  const start = () => (knobs.reorder ? takeTurn(office, merchant, go) : go())
  if (knobs.delaySeconds === 0) start()
  else office.clock.after(knobs.delaySeconds * 1_000, start)
}

/** The knob `reorder`: a newcomer goes first, then the one that waited; alone, it waits a while for a newcomer. */
function takeTurn({ held, clock }: Office, merchant: string, go: Go): void {
  const waiting = held.get(merchant)
  held.delete(merchant)
  if (waiting) {
    go(waiting)
    return
  }
  const callOff = clock.after(reorderHoldMs, () => {
    held.delete(merchant)
    go()
  })
  held.set(merchant, () => {
    callOff()
    go()
  })
}
