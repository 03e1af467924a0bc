/** What can be heard of one payment, in any order. `return`: the payer's browser comes back, which has the provider asked. */
export const sayings = ['notify', 'duplicate', 'query-success', 'return', 'close', 'refund-notify'] as const
export type Saying = (typeof sayings)[number]

/** Every order of these, each once. */
export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((first, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [first, ...rest]),
  )
}

/** What a payment comes to. `others`: paid as ordered, and somebody refunds it at the provider, of which the books know nothing. */
export const stories = ['others', 'mispaid', 'paid-twice'] as const
export type Story = (typeof stories)[number]

export const PRICE_MINOR = 4980n
/** Really paid where the story is of another amount. */
export const MISPAID_MINOR = 4000n
