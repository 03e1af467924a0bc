import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'
import { encodePng } from '../../server/platform/png.ts'

/** Where the kept pictures lie, a folder for each language. */
export const baselineFolder = join(import.meta.dirname, '../browser/baseline')
const seen = join(import.meta.dirname, '../../node_modules/.cache/baseline')

/** Of all pixels, how many may differ: a word may move by one, a line may not. */
const TOLERANCE = 0.002
/** Wider or taller pictures are kept at half their size. */
const LARGE = { width: 1000, height: 2400 }

/** Flat colours are kept as they are; those at the edges of letters become the nearest of these. */
const COLOURS = 24

/** Places of `colours` (each red, green and blue in one number), row after row. */
interface Kept {
  readonly width: number
  readonly height: number
  readonly colours: readonly number[]
  readonly pixels: Buffer
}

function reduced(picture: Buffer): Kept {
  const full = PNG.sync.read(picture)
  const step = full.width > LARGE.width || full.height > LARGE.height ? 2 : 1
  const width = Math.floor(full.width / step)
  const height = Math.floor(full.height / step)
  const exact = new Uint32Array(width * height)
  const counts = new Map<number, number>()
  for (let at = 0; at < exact.length; at++) {
    const corner = (Math.floor(at / width) * full.width + (at % width)) * step
    const colour = meanColour(full, corner, step)
    exact[at] = colour
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const colours = [...counts.keys()]
    .toSorted((one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0) || one - other)
    .slice(0, COLOURS)
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(colours, colour)]))
  return { width, height, colours, pixels: Buffer.from(exact.map((colour) => places.get(colour) ?? 0)) }
}

function meanColour({ data, width }: PNG, corner: number, step: number): number {
  let colour = 0
  for (const channel of [0, 1, 2]) {
    let sum = 0
    for (let y = 0; y < step; y++) {
      for (let x = 0; x < step; x++) sum += data[(corner + y * width + x) * 4 + channel] as number
    }
    colour = colour * 256 + Math.round(sum / (step * step))
  }
  return colour
}

const channels = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255] as const

function nearest(colours: readonly number[], colour: number): number {
  const [r, g, b] = channels(colour)
  const distances = colours.map((candidate) => {
    const [x, y, z] = channels(candidate)
    return (x - r) ** 2 + (y - g) ** 2 + (z - b) ** 2
  })
  return distances.indexOf(Math.min(...distances))
}

/** Red, green, blue and full opacity of every pixel, as pictures are compared. */
function rgbaOf({ colours, pixels }: Kept): Buffer {
  const rgba = Buffer.alloc(pixels.length * 4, 255)
  pixels.forEach((place, at) => {
    rgba.writeUIntBE(colours[place] ?? 0, at * 4, 3)
  })
  return rgba
}

function write(path: string, { width, height, colours, pixels }: Kept): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, encodePng({ width, height, pixels, palette: Buffer.from(colours.flatMap(channels)) }))
}

/**
 * Compares a picture with the one kept in test/browser/baseline; answers what differs, or null. With UPDATE_BASELINE=1 it takes
 * the kept one's place. The new picture and where it differs lie in node_modules/.cache/baseline.
 */
export function compareWithBaseline(name: string, picture: Buffer): string | null {
  const now = reduced(picture)
  const path = join(baselineFolder, `${name}.png`)
  if (process.env.UPDATE_BASELINE === '1') {
    write(path, now)
    return null
  }
  if (!existsSync(path)) {
    write(join(seen, `${name}.png`), now)
    return `${name} has no baseline: look at it, then run with UPDATE_BASELINE=1`
  }
  const before = PNG.sync.read(readFileSync(path))
  const { width, height } = before
  if (width !== now.width || height !== now.height) {
    write(join(seen, `${name}.png`), now)
    return `${name} is ${now.width} x ${now.height} px, its baseline ${width} x ${height}`
  }
  const difference = new PNG({ width, height })
  const differing = pixelmatch(before.data, rgbaOf(now), difference.data, width, height, { threshold: 0.2 })
  if (differing <= width * height * TOLERANCE) return null
  write(join(seen, `${name}.png`), now)
  writeFileSync(join(seen, `${name}-difference.png`), PNG.sync.write(difference))
  return `${name} differs from its baseline in ${differing} pixels`
}
