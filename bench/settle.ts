import { randomBytes, randomInt } from 'node:crypto'
import { newId } from '../server/platform/id.ts'
import type { AgentTopUpCommand, Settler } from '../server/topup/index.ts'
import { type Measured, measure } from './measure.ts'
import { benchMsisdn, LINES, type World } from './world.ts'

const CALLERS = 512
const AMOUNT_MINOR = 5000n

/** What each dealer's system sends: its own key, a line at random. A test of load repeats amounts, hence confirmDuplicate. */
export function agentCommand(world: World, dealer: string, caller: string): AgentTopUpCommand {
  return {
    kind: 'agent-top-up',
    id: newId(world.clock.instant()),
    caller,
    key: randomBytes(12).toString('hex'),
    hash: randomBytes(32).toString('hex'),
    dealer,
    msisdn: benchMsisdn(randomInt(LINES)),
    offerId: null,
    amountMinor: AMOUNT_MINOR,
    currency: world.brand.currency,
    confirmDuplicate: true,
    reference: null,
  }
}

/** The engine fed by 512 callers, each awaiting its own answer. `dealers` is all of them, or one for the hot part. */
export async function runSettle(
  world: World,
  settler: Settler,
  dealers: readonly { readonly dealer: string; readonly caller: string }[],
  seconds: number,
  warmUpSeconds: number,
): Promise<Measured> {
  return await measure(
    CALLERS,
    async (worker) => {
      const { dealer, caller } = dealers[worker % dealers.length] as (typeof dealers)[number]
      const command = agentCommand(world, dealer, caller)
      const outcome = await settler.settle(command)
      if (outcome.outcome !== 'credited') throw new Error(`not credited: ${JSON.stringify(outcome)}`)
      return `${command.caller} ${command.key}`
    },
    seconds,
    warmUpSeconds,
  )
}
