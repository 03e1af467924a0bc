import { catalogErrors } from '../catalog/index.ts'
import { readAfters } from '../ledger/index.ts'
import type { Reader } from '../platform/db.ts'
import type { ErrorEntry } from '../platform/error.ts'
import type { AgentTopUpCommand, Credited } from './command.ts'
import { topUpErrors } from './errors.ts'
import { readRefusals } from './refusal-store.ts'
import { readByKeys } from './store.ts'
import type { TopUp } from './top-up.ts'
import type { KnownKey } from './work.ts'

const entries: Readonly<Record<string, ErrorEntry>> = { ...topUpErrors, ...catalogErrors }

/** A refusal's catalogue entry, found again by its code. */
export function entryOf(code: string): ErrorEntry {
  const entry = entries[code]
  if (!entry) throw new Error(`no error of this code: ${code}`)
  return entry
}

/** What these commands' keys have led to already. Orders come with their balances as the journal froze them. */
export async function knownKeys(
  db: Reader,
  commands: readonly AgentTopUpCommand[],
): Promise<Map<string, KnownKey>> {
  const known = new Map<string, KnownKey>()
  if (commands.length === 0) return known
  const [orders, refusals] = await Promise.all([readByKeys(db, commands), readRefusals(db, commands)])
  const afters =
    orders.length > 0
      ? await readAfters(
          db,
          orders.map((order) => order.id),
        )
      : new Map()
  const ids = new Set(commands.map((command) => command.id))
  const msisdns = new Map(commands.map((command) => [`${command.caller} ${command.key}`, command.msisdn]))
  for (const order of orders) {
    const key = `${order.caller} ${order.key}`
    known.set(key, {
      hash: order.hash,
      outcome: credited(order, msisdns.get(key) ?? '', afters.get(order.id), ids),
    })
  }
  for (const row of refusals) {
    known.set(`${row.caller} ${row.key}`, {
      hash: row.hash.toString('hex'),
      outcome: { outcome: 'refused', entry: entryOf(row.code), members: row.members, replayed: true },
    })
  }
  return known
}

function credited(
  order: TopUp,
  msisdn: string,
  after: { readonly lineMinor: bigint; readonly floatMinor: bigint } | undefined,
  ids: ReadonlySet<string>,
): Credited {
  return {
    outcome: 'credited',
    order,
    msisdn,
    balanceAfterMinor: order.offerKind === 'package' ? null : (after?.lineMinor ?? 0n),
    floatAfterMinor: after?.floatMinor ?? 0n,
    // The same id: this very command committed and only its answer was lost.
    replayed: !ids.has(order.id),
  }
}
