export type { HandsetMessage } from './message.ts'
export { type Smsc, startSmsc } from './smsc.ts'
