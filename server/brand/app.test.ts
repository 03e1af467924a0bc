import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import { appIcon } from './app-icon.ts'
import { appManifest } from './app-routes.ts'
import { readBrand } from './brand.ts'
import { brandPresets } from './presets.ts'

const at = (png: PNG, x: number, y: number) => [...png.data.subarray((y * png.width + x) * 4).subarray(0, 4)]

describe('the icon', () => {
  it.each([180, 192, 512])('of %d px is a tile of the brand’s colour with its mark on it', (size) => {
    const png = PNG.sync.read(appIcon('#0b6e4f', size, false))
    expect([png.width, png.height]).toEqual([size, size])
    const unit = size / 32
    expect(at(png, 0, 0)[3]).toBe(0)
    expect(at(png, Math.round(4 * unit), Math.round(4 * unit))).toEqual([11, 110, 79, 255])
    expect(at(png, Math.round(16 * unit), Math.round(22.5 * unit))).toEqual([255, 255, 255, 255])
    expect(at(png, Math.round(16 * unit), Math.round(15.5 * unit))).toEqual([255, 255, 255, 255])
    // The ring is open below.
    expect(at(png, Math.round(16 * unit), Math.round(29.5 * unit))).toEqual([11, 110, 79, 255])
  })

  it('to be cut by the system fills its square and keeps the mark inside the safe zone', () => {
    const size = 512
    const png = PNG.sync.read(appIcon('#0b6e4f', size, true))
    expect(at(png, 0, 0)).toEqual([11, 110, 79, 255])
    const outside: number[] = []
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const isMark = at(png, x, y)[0] === 255
        if (isMark && Math.hypot(x - size / 2, y - size / 2) > size * 0.4) outside.push(x, y)
      }
    }
    expect(outside).toEqual([])
  })

  it('bears a dark mark where white would not be seen', () => {
    const png = PNG.sync.read(appIcon('#ffd400', 192, false))
    expect(at(png, 96, 135).slice(0, 3)).toEqual([18, 22, 29])
  })
})

it.each(brandPresets)('the manifest of $key is in its own words', ({ key, facts }) => {
  const brand = readBrand(key, facts)
  const { name, lang, icons, shortcuts, ...manifest } = appManifest(brand)
  expect({ name, lang }).toEqual({ name: brand.name[brand.locale], lang: brand.locale })
  expect(icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual([
    '192x192 any',
    '512x512 any',
    '512x512 maskable',
  ])
  expect(shortcuts.map(({ url }) => url)).toEqual(['/', '/me/numbers', '/orders'])
  expect(manifest).toMatchObject({ display: 'standalone', start_url: '/', scope: '/' })
})
