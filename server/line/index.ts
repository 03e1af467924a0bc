export type { LineClock } from './line-clock.ts'
export { type NewLine, openLines } from './open-lines.ts'
export { type ClockWrite, lockLines, readLine, resolveNumbers, sendClocks } from './store.ts'
