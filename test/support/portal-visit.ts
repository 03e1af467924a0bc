import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, ConsoleMessage, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Language } from '../../web/language/language.ts'
import { screenshot } from './browser.ts'
import { freePage, leavePage, phoneSize } from './free-page.ts'
import { measureFaults, pageFaults } from './page-faults.ts'
import { brandView, nobody } from './page-server.ts'
import { easyCaptcha, type Script, type Sent, scriptApi } from './scripted-api.ts'

export const phoneAgent =
  'Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36'
export const weChatAgent = `${phoneAgent} MicroMessenger/8.0.53`

export interface VisitOptions {
  /** Whose pages; 莱卡's unless it is said. */
  readonly brand?: string
  readonly language?: Language
  readonly path?: string
  readonly script?: Script
  readonly userAgent?: string
  /** Kept in the browser before the page starts. */
  readonly stored?: Readonly<Record<string, unknown>>
  /** The instant at which the page's clock stands still, for pictures that are to stay alike. */
  readonly at?: string
}

export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** What the page asked the server for. */
  readonly sent: readonly Sent[]
  /** What its console complained of, refusals by the script apart. */
  readonly errors: readonly string[]
  /** A text of the page's language: `portal.topUp.title`. */
  say(path: string): string
  /** The visitor goes; the page is the next one's. */
  end(): Promise<void>
}

const widths = { 390: phoneSize, 1280: { width: 1280, height: 800 } } as const

/** Opens a page of a brand against a script, in the brand's own zone; nobody is signed in unless the script says so. */
export async function visit(browser: Browser, origin: string, options: VisitOptions): Promise<Visit> {
  const { language = 'zh-CN', path = '/', script = {}, userAgent, stored = {}, at } = options
  const brand = brandView(options.brand ?? 'laika')
  const page = await freePage(browser, origin, { language, zone: brand.zone, userAgent, at })
  const context = page.context()
  const { sent, over } = await scriptApi(context, origin, {
    'GET /v1/brand': brand,
    'GET /v1/session': nobody,
    'GET /v1/captcha': await easyCaptcha(),
    ...script,
  })
  const errors: string[] = []
  const hear = (message: ConsoleMessage) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      errors.push(message.text())
    }
  }
  const note = (error: Error) => errors.push(String(error))
  page.on('console', hear).on('pageerror', note)
  await page.evaluate(
    (entries) => {
      for (const [name, value] of Object.entries(entries))
        localStorage.setItem(name, typeof value === 'string' ? value : JSON.stringify(value))
    },
    { ...stored, language },
  )
  await page.goto(origin + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return {
    ...{ page, context, sent, errors },
    say: (textPath) => textAt(language, textPath),
    async end() {
      page.off('console', hear).off('pageerror', note)
      await leavePage(page, origin)
      over()
    },
  }
}

/** A text of the catalogues: `portal.topUp.title`. */
export function textAt(language: Language, path: string): string {
  const [namespace, ...keys] = path.split('.')
  const file = join(import.meta.dirname, `../../i18n/${language}/${namespace}.json`)
  const found = keys.reduce<unknown>(
    (node, key) => (node as Record<string, unknown> | undefined)?.[key],
    JSON.parse(readFileSync(file, 'utf8')),
  )
  if (typeof found !== 'string') throw new Error(`no text ${path} in ${language}`)
  return found
}

/** Looks at the page as it stands: axe on a phone; there and at a desk nothing sideways or small, and a picture where asked for. */
export async function look({ page, errors }: Pick<Visit, 'page' | 'errors'>, name: string): Promise<void> {
  const language = await page.getAttribute('html', 'lang')
  for (const [width, size] of Object.entries(widths)) {
    await page.setViewportSize(size)
    await screenshot(page, `${name}-${language}-${width}`)
    const faults = width === '390' ? await pageFaults(page) : await measureFaults(page)
    expect(faults, `${name} at ${width} px`).toEqual([])
  }
  await page.setViewportSize(widths[390])
  expect(errors).toEqual([])
}
