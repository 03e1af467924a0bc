/** Lets a loop sleep until somebody wakes it. */
export interface Alarm {
  /** Not lost when nobody sleeps: the next sleep ends at once. */
  ring(): void
  /** Resolves at the next ring, or after this long. */
  sleep(ms: number): Promise<void>
}

export function createAlarm(): Alarm {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      rung = true
      wake?.()
    },
    async sleep(ms) {
      if (!rung) {
        let timer: NodeJS.Timeout | undefined
        await new Promise<void>((resolve) => {
          wake = resolve
          timer = setTimeout(resolve, ms)
        })
        clearTimeout(timer)
      }
      rung = false
    },
  }
}
