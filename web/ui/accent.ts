/** A colour in sRGB, each channel 0 to 1. */
type Rgb = readonly [number, number, number]

const white: Rgb = [1, 1, 1]
const black: Rgb = [0, 0, 0]
const darkInk = readHex('#12161d')

/** The surfaces brand colours must stay readable on, as in tokens.css. */
const surfaces = { light: readHex('#ffffff'), dark: readHex('#181c23') } as const
const pages = { light: readHex('#f3f5f8'), dark: readHex('#0e1116') } as const
export type Theme = keyof typeof surfaces

/** The CSS variables that make a page a brand's. */
export interface Accent {
  readonly '--brand': string
  readonly '--brand-hover': string
  readonly '--on-brand': string
  readonly '--brand-ink': string
  readonly '--brand-soft': string
  readonly '--brand-line': string
}

/** WCAG 2.2 AA for text. */
export const readable = 4.5

function readHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16)
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}

function toHex(colour: Rgb): string {
  return `#${colour
    .map((channel) =>
      Math.round(channel * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: Rgb): number {
  const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])
}

function contrastOf(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

/** Contrast of two `#rrggbb` colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  return contrastOf(readHex(a), readHex(b))
}

/** `part` of the way from one colour to another, rounded to what a screen shows so that contrast is judged on that. */
function mix(from: Rgb, to: Rgb, part: number): Rgb {
  const at = (i: 0 | 1 | 2) => Math.round((from[i] + (to[i] - from[i]) * part) * 255) / 255
  return [at(0), at(1), at(2)]
}

/** The colour nearest to `colour`, moved towards `end`, that passes `test`; the end itself if none does. */
function moveUntil(colour: Rgb, end: Rgb, test: (candidate: Rgb) => boolean): Rgb {
  for (let step = 0; step < 100; step++) {
    const candidate = mix(colour, end, step / 100)
    if (test(candidate)) return candidate
  }
  return end
}

/**
 * A brand's one colour (`#rrggbb`) to the six a page needs, whatever the colour: bright yellows get dark text, mid tones are
 * darkened until white reads on them, and brand-coloured text keeps 4.5:1 on page, surface and the brand's own tint.
 */
export function accentOf(hex: string, theme: Theme = 'light'): Accent {
  const colour = readHex(hex)
  const surface = surfaces[theme]
  const bright = contrastOf(colour, white) < 2.6
  const on = bright ? darkInk : white
  const fill = bright
    ? colour
    : moveUntil(colour, black, (candidate) => contrastOf(candidate, white) >= readable)
  const hover = bright ? mix(fill, white, 0.2) : mix(fill, black, 0.12)
  const soft = mix(surface, colour, theme === 'light' ? 0.09 : 0.16)
  const far = theme === 'light' ? black : white
  const grounds = [surface, pages[theme], soft]
  const ink = moveUntil(colour, far, (candidate) =>
    grounds.every((ground) => contrastOf(candidate, ground) >= readable),
  )
  return {
    '--brand': toHex(fill),
    '--brand-hover': toHex(hover),
    '--on-brand': toHex(on),
    '--brand-ink': toHex(ink),
    '--brand-soft': toHex(soft),
    '--brand-line': toHex(mix(surface, colour, 0.3)),
  }
}
