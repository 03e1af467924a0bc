import type { Page } from 'playwright-core'

/** How a page is shown: as it is, for easy reading, in dark. */
export const modes = ['normal', 'elder', 'dark'] as const
export type Mode = (typeof modes)[number]

/** What the person chose is read again whenever the device changes its own mind; so it does that once, and back. */
export async function wear(page: Page, mode: Mode): Promise<void> {
  const reading = mode === 'elder' ? 'elder' : 'normal'
  const theme = mode === 'dark' ? 'dark' : 'light'
  await page.evaluate((chosen) => localStorage.setItem('reading', chosen), reading)
  for (const colorScheme of theme === 'dark' ? (['light', 'dark'] as const) : (['dark', 'light'] as const)) {
    await page.emulateMedia({ colorScheme })
    await page.waitForFunction((worn) => document.documentElement.dataset.theme === worn, colorScheme)
  }
  await page.waitForFunction((worn) => document.documentElement.dataset.reading === worn, reading)
}
