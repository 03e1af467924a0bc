import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../../web/language/language.ts'
import { compareWithBaseline } from '../support/baseline.ts'
import { launchBrowser, picture } from '../support/browser.ts'
import { harbourScenes } from '../support/harbour-scenes.ts'
import { pageFaults, shapeOf } from '../support/page-faults.ts'
import { type PageServer, servePages } from '../support/page-server.ts'
import { visit } from '../support/portal-visit.ts'
import { sceneTime } from '../support/scenes.ts'
import { wear } from '../support/wear.ts'

// The pages that differ by brand, as the second one shows them: its colour in light and dark, its currency, its number plan.

let browser: Browser
let pages: PageServer

beforeAll(async () => {
  ;[browser, pages] = await Promise.all([launchBrowser(), servePages('harbour')])
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

const sizes = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
] as const
const each = languages.flatMap((language) =>
  harbourScenes(language).map((scene) => [scene.name, language, scene] as const),
)

describe.concurrent('the second brand', () => {
  it.each(each)('%s in %s', async (name, language, { path, script, userAgent, ready }) => {
    const seen = await visit(browser, pages.origin, {
      ...{ brand: 'harbour', language, path, at: sceneTime },
      ...(script && { script }),
      ...(userAgent !== undefined && { userAgent }),
    })
    await ready(seen)
    const wrong: string[] = []
    // In dark first, so that no picture is of a page as it came: what has just slid in is drawn between two pixels.
    await wear(seen.page, 'dark')
    wrong.push(...(await pageFaults(seen.page)).map((fault) => `${name} ${language} dark: ${fault}`))
    const inDark = await shapeOf(seen.page)
    await wear(seen.page, 'normal')
    for (const size of sizes) {
      await seen.page.setViewportSize(size)
      const at = `${language}/harbour-${name}-${size.width}`
      wrong.push(...(await pageFaults(seen.page, 44, inDark)).map((fault) => `${at}: ${fault}`))
      const difference = compareWithBaseline(at, await picture(seen.page))
      if (difference) wrong.push(difference)
    }
    await seen.end()
    expect([...wrong, ...seen.errors]).toEqual([])
  })
})
