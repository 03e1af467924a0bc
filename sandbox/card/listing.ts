import type { Fields } from '../fields.ts'
import { nested, optional, whole } from './form.ts'
import { missing, Refusal } from './refusal.ts'
import type { Shape } from './shapes.ts'
import { seconds } from './wire.ts'

export const listNames = ['limit', 'starting_after', 'ending_before'] as const

/** One page of a list, newest first. Source: Stripe API, pagination. `createdAt` is milliseconds. */
export function page<Item extends { id: string }>(
  params: Fields,
  url: string,
  oldestFirst: readonly Item[],
  shape: (item: Item) => Shape,
): Shape {
  const limit = whole(params, 'limit') ?? 10n
  if (limit < 1n || limit > 100n) {
    throw new Refusal({ message: 'The limit is a whole number from 1 to 100.', param: 'limit' })
  }
  const newestFirst = oldestFirst.toReversed()
  const after = place(newestFirst, params, 'starting_after')
  const before = place(newestFirst, params, 'ending_before')
  const from = after === undefined ? 0 : after + 1
  const rest = before === undefined ? newestFirst.slice(from) : newestFirst.slice(0, before)
  const most = Number(limit)
  const shown = before === undefined ? rest.slice(0, most) : rest.slice(-most)
  return { object: 'list', data: shown.map(shape), has_more: rest.length > shown.length, url }
}

function place(items: readonly { id: string }[], params: Fields, name: string): number | undefined {
  const id = optional(params, name)
  if (id === undefined) return undefined
  const found = items.findIndex((item) => item.id === id)
  if (found === -1) throw missing('object', id, name)
  return found
}

/** `created`: one second, or a range by `gt`, `gte`, `lt`, `lte`. Milliseconds in. */
export function createdFilter(params: Fields): (createdAt: number) => boolean {
  if (typeof params.created === 'string') {
    const exactly = whole(params, 'created')
    return (createdAt) => BigInt(seconds(createdAt)) === exactly
  }
  const range = nested(params, 'created')
  const bound = (name: string) => whole(range, name, `created[${name}]`)
  const [gt, gte, lt, lte] = ['gt', 'gte', 'lt', 'lte'].map(bound)
  return (createdAt) => {
    const at = BigInt(seconds(createdAt))
    return (
      (gt === undefined || at > gt) &&
      (gte === undefined || at >= gte) &&
      (lt === undefined || at < lt) &&
      (lte === undefined || at <= lte)
    )
  }
}
