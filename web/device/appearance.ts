import { readStored, writeStored } from './storage.ts'

export const themeChoices = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof themeChoices)[number]

export const readings = ['normal', 'elder'] as const
export type Reading = (typeof readings)[number]

/** How this person wants pages to look on this device. */
export interface Appearance {
  readonly choice: ThemeChoice
  /** The choice, or what the device asks for where it is left to the device. */
  readonly theme: 'light' | 'dark'
  /** `elder`: large text, large targets, no recommendations, results read aloud. */
  readonly reading: Reading
}

const darkDevice = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

function readKept(): Appearance {
  const choice = themeChoices.find((known) => known === readStored('local', 'theme')) ?? 'system'
  const reading = readings.find((known) => known === readStored('local', 'reading')) ?? 'normal'
  const theme = choice === 'system' ? (darkDevice.matches ? 'dark' : 'light') : choice
  return { choice, theme, reading }
}

let now = readKept()

function change(): void {
  now = readKept()
  for (const tell of listeners) tell()
}
darkDevice.addEventListener('change', change)

/** The same object until something changes. */
export function appearance(): Appearance {
  return now
}

/** Calls `tell` after every change; the answer ends that. */
export function onAppearance(tell: () => void): () => void {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

/** Following the device is what happens where nothing is kept. */
export function chooseTheme(choice: ThemeChoice): void {
  writeStored('local', 'theme', choice === 'system' ? null : choice)
  change()
}

export function chooseReading(reading: Reading): void {
  writeStored('local', 'reading', reading === 'normal' ? null : reading)
  change()
}
