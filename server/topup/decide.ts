import { never } from '../platform/error.ts'
import type { Command, Outcome } from './command.ts'
import { decideAgentTopUp } from './decide-agent.ts'
import { decideDispute } from './decide-dispute.ts'
import { decideEvidence, decideHold } from './decide-evidence.ts'
import { decideRecall } from './decide-recall.ts'
import { decideRefund, decideRefundAgain } from './decide-refund.ts'
import { type State, Work, type Writes } from './work.ts'

/**
 * The batch decision, pure: the locked rows and the commands in, one outcome per command and the writes out. Commands are
 * applied in order and a later one sees what an earlier one did. No SQL, no clock, no randomness: ids and now are inputs.
 */
export function decide(state: State, commands: readonly Command[]): { outcomes: Outcome[]; writes: Writes } {
  const work = new Work(state)
  const outcomes = commands.map((command): Outcome => {
    switch (command.kind) {
      case 'agent-top-up':
        return decideAgentTopUp(work, command)
      case 'evidence':
        return decideEvidence(work, command.evidence)
      case 'hold-decision':
        return decideHold(work, command.order)
      case 'recall':
        return decideRecall(work, command)
      case 'refund':
        return decideRefund(work, command)
      case 'refund-again':
        return decideRefundAgain(work, command)
      case 'dispute':
        return decideDispute(work, command)
      default:
        return never(command)
    }
  })
  return { outcomes, writes: work.writes() }
}
