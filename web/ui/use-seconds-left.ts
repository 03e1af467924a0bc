import { useEffect, useState } from 'react'
import { serverNow } from '../device/server-clock.ts'

/** Whole seconds that are left for certain: our idea of the server's clock is behind it by up to a second, never ahead. */
export function secondsBetween(now: number, at: number): number {
  return Math.max(0, Math.floor((at - now) / 1000))
}

const secondsUntil = (at: number) => secondsBetween(serverNow(), at)

/** Seconds until a moment (milliseconds since 1970, on the server's clock), down to zero; null while there is none. */
export function useSecondsLeft(at: number | null): number | null {
  const [left, setLeft] = useState(() => (at === null ? null : secondsUntil(at)))
  useEffect(() => {
    setLeft(at === null ? null : secondsUntil(at))
    if (at === null) return
    const timer = setInterval(() => setLeft(secondsUntil(at)), 1000)
    return () => clearInterval(timer)
  }, [at])
  return left
}
