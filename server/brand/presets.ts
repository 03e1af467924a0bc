import harbour from './presets/harbour.json' with { type: 'json' }
import laika from './presets/laika.json' with { type: 'json' }

/** The two brands of demo and tests, in the order of their ports. Their numbers belong to nobody (see README). */
export const brandPresets: readonly { readonly key: string; readonly facts: unknown }[] = [
  { key: 'laika', facts: laika },
  { key: 'harbour', facts: harbour },
]
