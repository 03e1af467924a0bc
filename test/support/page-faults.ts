import type { Page } from 'playwright-core'
import { axeCheck } from './browser.ts'

/** Nothing sticks out sideways: by how many pixels it does. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Things to press that are smaller than a thumb, text links inside sentences apart (WCAG 2.2 2.5.8). */
const smallTargets = (page: Page, leastPx: number) =>
  page.evaluate((least) => {
    const targets = [...document.querySelectorAll<HTMLElement>('button, a, [role=button], input, summary')]
    const inView = targets.filter((target) => target.getClientRects().length > 0)
    const block = inView.filter((target) => getComputedStyle(target).display !== 'inline')
    return block
      .map((target) => (target.matches('[type=checkbox]') ? target.parentElement : target) ?? target)
      .map((target) => ({ box: target.getBoundingClientRect(), html: target.outerHTML.slice(0, 120) }))
      .filter(
        ({ box, html }) => !html.includes('sr-only') && (box.height < least - 0.5 || box.width < least - 0.5),
      )
      .map(({ box, html }) => `${Math.round(box.width)} x ${Math.round(box.height)} px: ${html}`)
  }, leastPx)

/** Text below 14 px. */
const smallTexts = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = []
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
      const text = walk.currentNode.textContent?.trim()
      const holder = walk.currentNode.parentElement
      if (!text || !holder || holder.closest('svg, noscript') || holder.getClientRects().length === 0)
        continue
      if (Number.parseInt(getComputedStyle(holder).fontSize, 10) < 14) found.push(text)
    }
    return found
  })

/** What is wrong with the page as it stands: by axe with no rule off, and in its measures. */
export async function pageFaults(page: Page, leastTargetPx = 44): Promise<readonly string[]> {
  const violations = await axeCheck(page)
  return [
    ...violations.map(({ rule, elements }) => `axe ${rule}: ${elements.join(' | ')}`),
    ...(await measureFaults(page, leastTargetPx)),
  ]
}

/** Sideways, too small to press or to read: what differs from width to width, and is quickly seen. */
export async function measureFaults(page: Page, leastTargetPx = 44): Promise<readonly string[]> {
  const sideways = await overflow(page)
  return [
    ...(sideways > 0 ? [`sticks out by ${sideways} px`] : []),
    ...(await smallTargets(page, leastTargetPx)).map((target) => `small target ${target}`),
    ...(await smallTexts(page)).map((text) => `small text ${text}`),
  ]
}
