import type { Page } from 'playwright-core'
import { axeCheck } from './browser.ts'

/**
 * What is wrong with the page as it stands: by axe with no rule off, and in its measures. `lookedAt` is a shape in which axe
 * has looked at it already: where the page has it still, only colours are looked at anew.
 */
export async function pageFaults(
  page: Page,
  leastTargetPx = 44,
  lookedAt?: string,
): Promise<readonly string[]> {
  const isSame = lookedAt !== undefined && lookedAt === (await shapeOf(page))
  const violations = await axeCheck(page, isSame ? 'colour' : 'all')
  return [
    ...violations.map(({ rule, elements }) => `axe ${rule}: ${elements.join(' | ')}`),
    ...(await measureFaults(page, leastTargetPx)),
  ]
}

/** Sideways, too small to press or to read: what differs from width to width, and is quickly seen. */
export function measureFaults(page: Page, leastTargetPx = 44): Promise<readonly string[]> {
  return page.evaluate((least) => {
    const shown = (element: Element) => element.getClientRects().length > 0
    /** By how many pixels something sticks out sideways. */
    const { scrollWidth, clientWidth } = document.documentElement
    const sideways = scrollWidth - clientWidth

    /** Things to press that are smaller than a thumb, text links inside sentences apart (WCAG 2.2 2.5.8). */
    const targets = [...document.querySelectorAll<HTMLElement>('button, a, [role=button], input, summary')]
      .filter((target) => shown(target) && getComputedStyle(target).display !== 'inline')
      .map((target) => (target.matches('[type=checkbox]') ? target.parentElement : target) ?? target)
      .map((target) => ({ box: target.getBoundingClientRect(), html: target.outerHTML.slice(0, 120) }))
      .filter(
        ({ box, html }) => !html.includes('sr-only') && (box.height < least - 0.5 || box.width < least - 0.5),
      )
      .map(({ box, html }) => `${Math.round(box.width)} x ${Math.round(box.height)} px: ${html}`)

    /** Text below 14 px. */
    const texts: string[] = []
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
      const text = walk.currentNode.textContent?.trim()
      const holder = walk.currentNode.parentElement
      if (!text || !holder || holder.closest('svg, noscript') || !shown(holder)) continue
      if (Number.parseInt(getComputedStyle(holder).fontSize, 10) < 14) texts.push(text)
    }
    return [
      ...(sideways > 0 ? [`sticks out by ${sideways} px`] : []),
      ...targets.map((target) => `small target ${target}`),
      ...texts.map((text) => `small text ${text}`),
    ]
  }, leastTargetPx)
}

/**
 * All of a page but its colours: every element as it is written and filled in, where it stands, and whether it shows. Two
 * pages of the same shape can differ for axe only in the rules that look at colours.
 */
export function shapeOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    // What changes with the theme is worn by the root and told to the browser's own bars.
    const head = [...document.head.children].filter((element) => !element.matches('[name=theme-color]'))
    const elements = [...document.querySelectorAll('*')].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect()
      const shows = element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      const { value, checked } = element as HTMLInputElement
      return [x, y, width, height, shows, value, checked, element.scrollWidth, element.scrollHeight].join(' ')
    })
    const written = [...head, document.body].map(({ outerHTML }) => outerHTML)
    return [document.documentElement.lang, document.title, ...written, ...elements].join('\n')
  })
}
