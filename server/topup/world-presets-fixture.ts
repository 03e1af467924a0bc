import { type Brand, brandPresets, readBrand } from '../brand/index.ts'
import { priceTablePresets, readPriceTable } from '../catalog/index.ts'
import type { Offer } from '../catalog/offer.ts'
import { type PriceTable, priceTableOn } from '../catalog/price-table.ts'

export function presetBrand(key: string): Brand {
  const preset = brandPresets.find((brand) => brand.key === key)
  if (!preset) throw new Error(`no preset ${key}`)
  return readBrand(key, preset.facts)
}

export function presetTable(key: 'laika' | 'harbour', currency: string): PriceTable {
  const { validFrom, offers } = readPriceTable(priceTablePresets[key])
  const withIds = offers.map((offer, i) => ({
    ...offer,
    id: `0ffe0000-0000-7000-8000-${String(i).padStart(12, '0')}`,
  }))
  const table = priceTableOn([{ number: 1, validFrom, offers: withIds as Offer[] }], validFrom, currency)
  if (!table) throw new Error('the preset is in force')
  return table
}
