import type { Answer } from './message.ts'
import type { Text } from './template.ts'

/** A message ready to be handed over. */
export interface Outgoing {
  /** uuid: the same at every try. */
  readonly id: string
  readonly to: string
  readonly locale: 'zh-CN' | 'en'
  readonly text: Text
  /** Parts taken at an earlier try, which are not sent again. */
  readonly partsTaken: readonly number[]
  /** Real instant after which nothing more may be handed over: the lease ends soon after. */
  readonly deadlineMs: number
  readonly notAfterMs: number
}

export interface Transmission {
  readonly answer: Answer
  readonly parts: number
  /** What was taken at this try; also when the message as a whole was not. */
  readonly taken: readonly { readonly part: number; readonly smscId: string }[]
}

/** A way out for one channel of one brand. It never rejects: whatever goes wrong is one of the three answers. */
export interface Transmitter {
  /** Messages it is worth having in hand at a time. */
  readonly capacity: number
  /** True when messages can be handed over now; connects if it must and may. */
  ready(): Promise<boolean>
  transmit(outgoing: Outgoing): Promise<Transmission>
  close(): Promise<void>
}
