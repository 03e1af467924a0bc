import type { Page } from 'playwright-core'

/** How a page is shown: as it is, in dark, for easy reading. In this order each differs from the one before by the device's mind. */
export const modes = ['normal', 'dark', 'elder'] as const
export type Mode = (typeof modes)[number]

/** What the person chose is read again whenever the device changes its own mind; so it does that, and back where it must. */
export async function wear(page: Page, mode: Mode): Promise<void> {
  const reading = mode === 'elder' ? 'elder' : 'normal'
  const theme = mode === 'dark' ? 'dark' : 'light'
  const worn = await page.evaluate((chosen) => {
    localStorage.setItem('reading', chosen)
    return { ...document.documentElement.dataset }
  }, reading)
  if (worn.reading === reading && worn.theme === theme) return
  if (worn.theme === theme) await prefer(page, theme === 'dark' ? 'light' : 'dark')
  await prefer(page, theme)
  await page.waitForFunction((chosen) => document.documentElement.dataset.reading === chosen, reading)
}

async function prefer(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, colorScheme)
}
