import { accentOf, type Theme } from './accent.ts'

/** Puts a brand's colours on the page, through the style object: our content policy refuses style attributes in markup. */
export function wearAccent(hex: string, theme: Theme = 'light'): void {
  for (const [name, value] of Object.entries(accentOf(hex, theme))) {
    document.documentElement.style.setProperty(name, value)
  }
}
