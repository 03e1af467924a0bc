export type { LineClock } from './line-clock.ts'
export { type ClockWrite, lockLines, readLine, resolveNumbers, sendClocks } from './store.ts'
