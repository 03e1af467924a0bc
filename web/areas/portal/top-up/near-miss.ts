/** A known number that the typed one is a slip of the finger away from. */
export interface NearMiss {
  readonly msisdn: string
  /** One digit differs, or two neighbours changed places. */
  readonly how: 'digit' | 'swap'
}

function slip(typed: string, known: string): NearMiss['how'] | null {
  if (typed.length !== known.length) return null
  const differ = [...typed].map((_, at) => at).filter((at) => typed[at] !== known[at])
  const [first = 0, second = 0] = differ
  if (differ.length === 1) return 'digit'
  const swapped = typed[first] === known[second] && typed[second] === known[first]
  return differ.length === 2 && second === first + 1 && swapped ? 'swap' : null
}

/** The first of the known numbers (E.164 digits) that the typed one nearly is; none when it is itself known. */
export function nearMiss(typed: string, known: readonly string[]): NearMiss | null {
  if (known.includes(typed)) return null
  for (const msisdn of known) {
    const how = slip(typed, msisdn)
    if (how) return { msisdn, how }
  }
  return null
}
