import { useEffect, useState } from 'react'
import { serverNow } from '../device/server-clock.ts'

const secondsUntil = (at: number) => Math.max(0, Math.ceil((at - serverNow()) / 1000))

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
