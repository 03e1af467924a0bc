import { everyCheck, fsck } from '../server/fsck.ts'
import { presetOf } from '../server/policy/index.ts'
import type { World } from './world.ts'

/**
 * After a part: what was acknowledged is there, nothing more is, its messages are handed over and counted, and every invariant
 * holds. Throws where not. A call cut off at the end of the part may stand unacknowledged, hence `unanswered`.
 */
export async function prove(
  world: World,
  acknowledged: readonly string[],
  unanswered: number,
): Promise<void> {
  const { house, brand } = world
  const db = house.db.of(brand.key)
  const [found] = await db.query<{ n: bigint }>(
    'select count(*) as n from {{brand}}.top_up where key = any($1::text[])',
    [`{${acknowledged.join(',')}}`],
  )
  if (found?.n !== BigInt(acknowledged.length))
    throw new Error(`${acknowledged.length} acknowledged, ${found?.n} found`)
  const [rows] = await db.query<{ n: bigint; unsent: bigint }>(
    'select count(*) as n, count(*) filter (where message_state = 1) as unsent from {{brand}}.top_up where message_state > 0',
  )
  const before = provedRows.get(world) ?? 0n
  const added = (rows?.n ?? 0n) - before
  if (added < found.n || added > found.n + BigInt(unanswered))
    throw new Error(`${added} orders for ${found.n} acknowledged`)
  let handedOver = 0
  for (let taken = 1; taken > 0; handedOver += taken) taken = await house.topUps.handOverMessages(brand.key)
  // What was cut off may still be credited meanwhile.
  const late = BigInt(handedOver) - (rows?.unsent ?? 0n)
  if (late < 0n || late > unanswered)
    throw new Error(`${rows?.unsent} messages owed, ${handedOver} handed over`)
  provedRows.set(world, (rows?.n ?? 0n) + late)
  const violations = await fsck(
    house.db,
    [brand.key],
    everyCheck({ clock: house.clock, brands: house.brands, policyOf: presetOf }),
  )
  if (violations.length > 0)
    throw new Error(`fsck: ${JSON.stringify(violations.map((v) => [v.id, v.sentence, v.count]))}`)
}

const provedRows = new WeakMap<World, bigint>()
