import type { Browser, Page } from 'playwright-core'
import type { Language } from '../../web/language/language.ts'
import { blankPath } from './page-server.ts'

/** What a page cannot change about itself once it is made. */
interface PageKind {
  readonly language: Language
  readonly zone: string
  readonly userAgent: string | undefined
  /** The instant at which its clock stands still. */
  readonly at: string | undefined
}

export const phoneSize = { width: 390, height: 844 } as const

/** Pages that nobody is at, by what they are. Compiling the scripts of a new one's renderer takes as long as all else of a visit. */
const free = new WeakMap<Browser, Map<string, Page[]>>()
const kindOf = new WeakMap<Page, string>()

/** A page of that kind for one visitor, empty, and on that origin. */
export async function freePage(browser: Browser, origin: string, kind: PageKind): Promise<Page> {
  const { language, zone, userAgent, at } = kind
  const key = [origin, language, zone, userAgent, at].join(' ')
  const left = free.get(browser)?.get(key)?.pop()
  if (left) return left
  const context = await browser.newContext({
    locale: language,
    timezoneId: zone,
    viewport: phoneSize,
    // A worker would answer with what it kept for an earlier visitor.
    serviceWorkers: 'block',
    reducedMotion: at === undefined ? 'no-preference' : 'reduce',
    ...(userAgent === undefined ? {} : { userAgent }),
  })
  const page = await context.newPage()
  if (at !== undefined) await page.clock.setFixedTime(at)
  await page.goto(origin + blankPath)
  kindOf.set(page, key)
  return page
}

/** Removes what a visitor left: where they were and what was kept there, how the page was worn, other pages. */
export async function leavePage(page: Page, origin: string): Promise<void> {
  for (const other of page.context().pages()) if (other !== page) await other.close()
  await page.goto(origin + blankPath)
  await page.evaluate(() => {
    localStorage.clear()
    sessionStorage.clear()
  })
  await page.emulateMedia({ media: null, colorScheme: 'light' })
  await page.setViewportSize(phoneSize)
  const browser = page.context().browser()
  const key = kindOf.get(page)
  if (!browser || key === undefined) return
  const kinds = free.get(browser) ?? new Map<string, Page[]>()
  free.set(browser, kinds.set(key, [...(kinds.get(key) ?? []), page]))
}
