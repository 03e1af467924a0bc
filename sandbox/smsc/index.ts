export { type Smsc, startSmsc } from './smsc.ts'
