import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'
import { assert } from '../../server/platform/error.ts'
import { encodePng } from '../../server/platform/png.ts'
import { type PngSamples, readPng } from './read-png.ts'

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
  const full = readPng(picture)
  const step = full.width > LARGE.width || full.height > LARGE.height ? 2 : 1
  const width = Math.floor(full.width / step)
  const height = Math.floor(full.height / step)
  const exact = coloursOf(full, step, width, height)
  const counts = countRuns(exact)
  const colours = [...counts.keys()]
    .toSorted((one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0) || one - other)
    .slice(0, COLOURS)
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(colours, colour)]))
  const pixels = Buffer.alloc(exact.length)
  let place = 0
  for (let at = 0; at < exact.length; at++) {
    if (at === 0 || exact[at] !== exact[at - 1]) place = places.get(exact[at] as number) ?? 0
    pixels[at] = place
  }
  return { width, height, colours, pixels }
}

/** Pages are flat: what is counted by the run is counted quickly. */
function countRuns(exact: Uint32Array): Map<number, number> {
  const counts = new Map<number, number>()
  for (let from = 0; from < exact.length; ) {
    const colour = exact[from] as number
    let to = from + 1
    while (to < exact.length && exact[to] === colour) to++
    counts.set(colour, (counts.get(colour) ?? 0) + to - from)
    from = to
  }
  return counts
}

/** The mean of each square of `step` by `step` pixels. */
function coloursOf(full: PngSamples, step: number, width: number, height: number): Uint32Array {
  const { samples, channels } = full
  const exact = new Uint32Array(width * height)
  const mean = (corner: number) => {
    let sum = 0
    for (let y = 0; y < step; y++) {
      for (let x = 0; x < step; x++) sum += samples[corner + (y * full.width + x) * channels] as number
    }
    return Math.round(sum / (step * step))
  }
  for (let at = 0; at < exact.length; at++) {
    const corner = (Math.floor(at / width) * full.width + (at % width)) * step * channels
    exact[at] = (mean(corner) << 16) | (mean(corner + 1) << 8) | mean(corner + 2)
  }
  return exact
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
  const rgba = Buffer.alloc(pixels.length * 4)
  const opaque = colours.map((colour) => colour * 256 + 255)
  for (let at = 0; at < pixels.length; at++) rgba.writeUInt32BE(opaque[pixels[at] as number] ?? 255, at * 4)
  return rgba
}

function readKept(path: string, file: Buffer): Kept {
  const { width, height, samples, palette } = readPng(file)
  assert(palette, `${path} has a palette`)
  const colours = Array.from({ length: palette.length / 3 }, (_, place) => palette.readUIntBE(place * 3, 3))
  return { width, height, colours, pixels: samples }
}

/** Keeps a picture, and within it as a text (ISO/IEC 15948, 11.3.4.3) the name of what it was reduced from. */
function write(path: string, { width, height, colours, pixels }: Kept, source: string): void {
  const png = encodePng({ width, height, pixels, palette: Buffer.from(colours.flatMap(channels)) })
  const text = Buffer.from(`tEXtSource\0${source}`, 'latin1')
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(text.length - 4)
  check.writeUInt32BE(crc32(text))
  const END_BYTES = 12
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(
    path,
    Buffer.concat([png.subarray(0, -END_BYTES), length, text, check, png.subarray(-END_BYTES)]),
  )
}

/**
 * Compares a picture with the one kept in test/browser/baseline; answers what differs, or null. With UPDATE_BASELINE=1 it takes
 * the kept one's place. The new picture and where it differs lie in node_modules/.cache/baseline.
 */
export function compareWithBaseline(name: string, picture: Buffer): string | null {
  const path = join(baselineFolder, `${name}.png`)
  const update = process.env.UPDATE_BASELINE === '1'
  const kept = existsSync(path) ? readFileSync(path) : null
  const source = createHash('sha256').update(picture).digest('hex')
  // Chromium mostly draws and packs the same page into the same bytes: then there is nothing to unpack.
  if (!update && kept?.includes(source)) return null
  const now = reduced(picture)
  if (update) {
    write(path, now, source)
    return null
  }
  const show = () => write(join(seen, `${name}.png`), now, source)
  if (!kept) {
    show()
    return `${name} has no baseline: look at it, then run with UPDATE_BASELINE=1`
  }
  const before = readKept(path, kept)
  const { width, height } = before
  if (width !== now.width || height !== now.height) {
    show()
    return `${name} is ${now.width} x ${now.height} px, its baseline ${width} x ${height}`
  }
  if (before.pixels.equals(now.pixels) && before.colours.join() === now.colours.join()) return null
  const difference = new PNG({ width, height })
  const differing = pixelmatch(rgbaOf(before), rgbaOf(now), difference.data, width, height, {
    threshold: 0.2,
  })
  if (differing <= width * height * TOLERANCE) return null
  show()
  writeFileSync(join(seen, `${name}-difference.png`), PNG.sync.write(difference))
  return `${name} differs from its baseline in ${differing} pixels`
}
