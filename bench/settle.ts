import { randomBytes, randomInt } from 'node:crypto'
import { newId } from '../server/platform/id.ts'
import { benchMsisdn, LINES } from './lines.ts'
import { type Measured, measure } from './measure.ts'
import type { Agent, World } from './world.ts'

const CALLERS = 512
const AMOUNT_MINOR = 5000n

/**
 * The engine fed by 512 callers, each awaiting its own answer; no batch is made beforehand. `agents` are all dealers, or one
 * for the hot part. A test of load repeats amounts on a line, hence `confirmDuplicate`.
 */
export async function runSettle(
  { house, brand }: World,
  agents: readonly Agent[],
  seconds: number,
  warmUpSeconds: number,
): Promise<Measured> {
  const settler = house.topUps.settlerOf(brand.key)
  const call = async (worker: number) => {
    const { dealer, caller } = agents[worker % agents.length] as Agent
    const key = randomBytes(12).toString('hex')
    const outcome = await settler.settle({
      kind: 'agent-top-up',
      id: newId(house.clock.instant()),
      ...{ caller, key, dealer },
      hash: randomBytes(32).toString('hex'),
      msisdn: benchMsisdn(randomInt(LINES)),
      offerId: null,
      amountMinor: AMOUNT_MINOR,
      currency: brand.currency,
      confirmDuplicate: true,
      reference: null,
    })
    if (outcome.outcome !== 'credited') throw new Error(`not credited: ${JSON.stringify(outcome)}`)
    return key
  }
  return await measure(CALLERS, call, seconds, warmUpSeconds)
}
