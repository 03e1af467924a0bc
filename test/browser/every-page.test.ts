import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Language, languages } from '../../web/language/language.ts'
import { baselineFolder, compareWithBaseline } from '../support/baseline.ts'
import { launchBrowser, picture } from '../support/browser.ts'
import { harbourScenes } from '../support/harbour-scenes.ts'
import { pageFaults, shapeOf } from '../support/page-faults.ts'
import { type PageServer, servePages } from '../support/page-server.ts'
import { type Visit, visit } from '../support/portal-visit.ts'
import { type Scene, scenes, sceneTime } from '../support/scenes.ts'
import { type Mode, modes, wear } from '../support/wear.ts'

// Every page of the router, in every state of test/support/scenes.ts, each dialog open: in both languages, at three widths, as
// it is, in dark and for easy reading. A page is loaded once a language; width and mode change in place, as they do for people.

let browser: Browser
let pages: PageServer

beforeAll(async () => {
  ;[browser, pages] = await Promise.all([launchBrowser(), servePages('laika')])
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

const sizes = [
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
] as const
const leastTargetPx = { normal: 44, elder: 60, dark: 44 } as const satisfies Record<Mode, number>

/** Which pictures are kept: phone and desk as they are; dialogs, and the other modes of the main pages, on a phone. */
function isKept(scene: Scene, name: string, width: number, mode: Mode): boolean {
  if (mode === 'normal') return width === 390 || (width === 1280 && name === scene.name)
  return scene.main === true && width === 390
}

/** Looks at what is on screen in every width and mode; answers all that is wrong. */
async function lookAround(scene: Scene, name: string, { page, errors }: Visit): Promise<string[]> {
  const language = await page.getAttribute('html', 'lang')
  const wrong: string[] = []
  const inLight = new Map<number, string>()
  for (const [at, mode] of modes.entries()) {
    await wear(page, mode)
    // To and fro: a width that is there already need not be laid out again.
    for (const size of at % 2 === 0 ? sizes : sizes.toReversed()) {
      await page.setViewportSize(size)
      const where = `${name} ${language} ${size.width} px ${mode}`
      const lookedAt = mode === 'dark' ? inLight.get(size.width) : undefined
      const faults = await pageFaults(page, leastTargetPx[mode], lookedAt)
      if (mode === 'normal') inLight.set(size.width, await shapeOf(page))
      wrong.push(...faults.map((fault) => `${where}: ${fault}`))
      if (!isKept(scene, name, size.width, mode)) continue
      const file = `${language}/${name}-${size.width}${mode === 'normal' ? '' : `-${mode}`}`
      const difference = compareWithBaseline(file, await picture(page))
      if (difference) wrong.push(difference)
    }
  }
  return [...wrong, ...errors]
}

it('is every page of the router', async () => {
  const page = await browser.newPage()
  await page.goto(pages.origin)
  await page.getByRole('heading', { level: 1 }).waitFor()
  const routes = await page.evaluate(() => {
    const { __TSR_ROUTER__: router } = globalThis as unknown as {
      __TSR_ROUTER__: { routesByPath: Readonly<Record<string, unknown>> }
    }
    return Object.keys(router.routesByPath)
  })
  await page.close()
  expect(routes.length).toBeGreaterThan(9)
  const visited = new Set(scenes.map(({ route }) => route))
  const missing = routes.filter((route) => !visited.has(route))
  expect(missing, 'routes without a scene in test/support/scenes.ts').toEqual([])
})

/** Every picture that is compared by this file or for the second brand, by the name of its file. */
function comparedPictures(language: Language): string[] {
  const seen = scenes.flatMap((scene) => {
    const dialogs = Object.keys(scene.dialogs ?? {})
    const names = [
      ...(dialogs.includes('open') ? [] : [scene.name]),
      ...dialogs.map((dialog) => (dialog === 'open' ? scene.name : `${scene.name}-${dialog}`)),
    ]
    return names.flatMap((name) =>
      modes.flatMap((mode) =>
        sizes
          .filter(({ width }) => isKept(scene, name, width, mode))
          .map(({ width }) => `${name}-${width}${mode === 'normal' ? '' : `-${mode}`}.png`),
      ),
    )
  })
  const harbour = harbourScenes(language).flatMap(({ name }) =>
    [390, 1280].map((width) => `harbour-${name}-${width}.png`),
  )
  return [...seen, ...harbour].toSorted()
}

it.each(languages)('leaves no picture in %s of what is no longer shown', (language) => {
  expect(readdirSync(join(baselineFolder, language)).toSorted()).toEqual(comparedPictures(language))
})

const each = languages.flatMap((language) => scenes.map((scene) => [scene.name, language, scene] as const))

describe.concurrent('every page', () => {
  it.each(each)('%s in %s has nothing wrong in any width or mode', async (name, language, scene) => {
    const { path, script, inWords, stored, userAgent, ready, dialogs = {} } = scene
    const open = async (language: Language) => {
      const seen = await visit(browser, pages.origin, {
        ...{ language, path, at: sceneTime },
        script: { ...script, ...inWords?.(language) },
        ...(stored && { stored }),
        ...(userAgent !== undefined && { userAgent }),
      })
      await ready(seen)
      return seen
    }
    const seen = await open(language)
    const wrong = 'open' in dialogs ? [] : await lookAround(scene, name, seen)
    for (const [dialog, openDialog] of Object.entries(dialogs)) {
      await wear(seen.page, 'normal')
      await seen.page.setViewportSize(sizes[0])
      await openDialog(seen)
      await seen.page.getByRole('dialog').waitFor()
      // What has just slid in is drawn between two pixels, until all is drawn anew.
      for (const mode of ['dark', 'normal'] as const) await wear(seen.page, mode)
      wrong.push(...(await lookAround(scene, dialog === 'open' ? name : `${name}-${dialog}`, seen)))
      await seen.page.keyboard.press('Escape')
      await seen.page
        .getByRole('dialog')
        .waitFor({ state: 'detached' })
        .catch(() => {})
    }
    await seen.end()
    expect(wrong).toEqual([])
  })
})
