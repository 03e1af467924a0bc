/** At most so many at a time; the rest wait in line. */
export interface Window {
  /** Resolves when there is a place. */
  enter(): Promise<void>
  /** Gives the place to the first in line. */
  leave(): void
}

export function createWindow(places: number): Window {
  let free = places
  const line: (() => void)[] = []
  return {
    async enter() {
      if (free > 0) free--
      else await new Promise<void>((resolve) => line.push(resolve))
    },
    leave() {
      const first = line.shift()
      if (first) first()
      else free++
    },
  }
}
