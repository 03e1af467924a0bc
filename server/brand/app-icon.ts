import { encodePng } from '../platform/png.ts'

/** The mark as web/ui/header.tsx draws it, in a square of 32: a day ring open below, and the line it keeps. */
const SIDE = 32
const CORNER = 8
const RING = { x: 16, y: 22.5, radius: 7, half: 1.5 }
const DOT = 2.4
/** Of a maskable icon only the middle 80 % is sure to be seen (W3C manifest, 3.2.1); the mark stays inside it. */
const MASKABLE_SCALE = 0.8

type Rgb = readonly [number, number, number]

function readColour(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

/** White on the brand's colour, dark ink where the colour is too bright for it (relative luminance, WCAG 2.2). */
function markColour([r, g, b]: Rgb): Rgb {
  const linear = (channel: number) => {
    const c = channel / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }
  const luminance = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
  return 1.05 / (luminance + 0.05) < 2.6 ? [18, 22, 29] : [255, 255, 255]
}

/** How far outside the rounded square a point lies; negative within. */
function toTile(x: number, y: number): number {
  const reach = SIDE / 2 - CORNER
  const dx = Math.max(Math.abs(x - SIDE / 2) - reach, 0)
  const dy = Math.max(Math.abs(y - SIDE / 2) - reach, 0)
  return Math.hypot(dx, dy) - CORNER
}

/** How far outside the mark a point lies: the upper half of a ring with round ends, and a dot. */
function toMark(x: number, y: number): number {
  const dx = x - RING.x
  const dy = y - RING.y
  const fromCentre = Math.hypot(dx, dy)
  const ring = dy <= 0 ? Math.abs(fromCentre - RING.radius) : Math.hypot(Math.abs(dx) - RING.radius, dy)
  return Math.min(ring - RING.half, fromCentre - DOT)
}

/** The brand's icon as a PNG of `size` pixels; `maskable` fills its square, for systems that cut their own shape. */
export function appIcon(accent: string, size: number, maskable: boolean): Buffer {
  const ground = readColour(accent)
  const mark = markColour(ground)
  const scale = size / SIDE
  const zoom = maskable ? MASKABLE_SCALE : 1
  const covered = (distance: number) => Math.min(1, Math.max(0, 0.5 - distance * scale * zoom))
  const pixels = Buffer.alloc(size * size * 4)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = (column + 0.5) / scale
      const y = (row + 0.5) / scale
      const ink = covered(toMark((x - 16) / zoom + 16, (y - 16) / zoom + 16))
      const at = (row * size + column) * 4
      for (const channel of [0, 1, 2] as const) {
        pixels[at + channel] = Math.round(ground[channel] + (mark[channel] - ground[channel]) * ink)
      }
      pixels[at + 3] = maskable ? 255 : Math.round(255 * covered(toTile(x, y)))
    }
  }
  return encodePng({ width: size, height: size, pixels })
}
