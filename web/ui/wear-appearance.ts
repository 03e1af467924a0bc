import { appearance, onAppearance } from '../device/appearance.ts'
import { accentOf } from './accent.ts'

/** Browsers that paint their own bars take the colour of our header. */
const barColour = { light: '#ffffff', dark: '#181c23' } as const

/** Theme and reading as attributes that tokens.css answers to. */
function wear(): void {
  const { theme, reading } = appearance()
  const { dataset } = document.documentElement
  dataset.theme = theme
  dataset.reading = reading
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', barColour[theme])
}

/** Before anything is drawn, and at every change. */
export function wearAppearance(): void {
  wear()
  onAppearance(wear)
}

/** Puts a brand's colours on the page, through the style object: our content policy refuses style attributes in markup. */
export function wearAccent(hex: string): void {
  const put = () => {
    for (const [name, value] of Object.entries(accentOf(hex, appearance().theme))) {
      document.documentElement.style.setProperty(name, value)
    }
  }
  put()
  onAppearance(put)
}
