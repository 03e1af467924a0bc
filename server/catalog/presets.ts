import harbour from './presets/harbour.json' with { type: 'json' }
import laika from './presets/laika.json' with { type: 'json' }

/** The price tables of the two brands of demo and tests, as JSON for `readPriceTable`, by brand key. */
export const priceTablePresets: Readonly<Record<string, unknown>> = { laika, harbour }
