import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../../web/language/language.ts'
import { launchBrowser } from '../support/browser.ts'
import { type PageServer, servePages } from '../support/page-server.ts'
import { look, type Visit, type VisitOptions, visit } from '../support/portal-visit.ts'
import { problem, type Script } from '../support/scripted-api.ts'
import { endingLine, own, ownLine, signedIn } from '../support/scripted-views.ts'

let browser: Browser
let pages: PageServer

beforeAll(async () => {
  ;[browser, pages] = await Promise.all([launchBrowser(), servePages('laika')])
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

const begin = (options: VisitOptions) => visit(browser, pages.origin, options)
const codeSent = { validSeconds: 600, resendAfterSeconds: 60, to: '154****1234' }
const mine: Script = {
  'GET /v1/session': signedIn,
  'GET /v1/me/lines': { lines: [ownLine, endingLine] },
  'POST /v1/codes': codeSent,
}

/** Asks for a code and types it. */
async function typeCode({ page, say }: Visit, code: string): Promise<void> {
  await page.getByRole('button', { name: say('portal.code.send') }).click()
  await page.getByText('154****1234').waitFor()
  await page.getByLabel(say('portal.code.label'), { exact: true }).fill(code)
}

describe.each(languages)('what it shows in %s', (language) => {
  it('a number that never ends, and nobody signed in', async () => {
    const endless = { ...ownLine, clocks: [], keptUntil: null, allowances: [], topUp: 'refused' as const }
    const ever = await begin({
      language,
      path: '/me/numbers',
      script: { ...mine, 'GET /v1/me/lines': { lines: [endless] } },
    })
    await ever.page.getByText(ever.say('portal.topUp.keptAlways')).waitFor()
    await look(ever, 'numbers-endless')
    await ever.end()
    const out = await begin({
      language,
      path: '/me/numbers',
      script: { 'GET /v1/me/lines': problem(401, 'not-authenticated') },
    })
    await out.page
      .getByRole('link', { name: out.say('portal.nav.logIn') })
      .nth(1)
      .click()
    await out.page.getByRole('heading', { level: 1, name: out.say('account.logIn.title') }).waitFor()
    expect(new URL(out.page.url()).search).toBe('?next=%2Fme%2Fnumbers')
    await out.end()
  })

  it('adding a number by a code sent to it', async () => {
    const bound = [ownLine]
    const script: Script = {
      ...mine,
      'GET /v1/me/lines': () => ({ lines: bound }),
      'POST /v1/me/lines': (_, before) => {
        if (before === 0) return problem(422, 'code-wrong', { triesLeft: 4 })
        bound.push(endingLine)
        return endingLine
      },
    }
    const seen = await begin({ language, path: '/me/numbers', script })
    const { page, say } = seen
    await page.getByRole('button', { name: say('account.numbers.add') }).click()
    await page.getByLabel(say('portal.topUp.number')).fill('15400008000')
    await typeCode(seen, '111111')
    await page.getByRole('button', { name: say('account.numbers.addSubmit'), exact: true }).click()
    await page.getByRole('alert').waitFor()
    await look(seen, 'numbers-add')
    await page.getByLabel(say('portal.code.label'), { exact: true }).fill('123456')
    await page.getByRole('button', { name: say('account.numbers.addSubmit'), exact: true }).click()
    await page.getByText('154 0000 8000').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await seen.end()
  })

  it('a right code of somebody without an account goes on to the registration, and back', async () => {
    const script: Script = {
      'POST /v1/codes': codeSent,
      'POST /v1/log-ins': (_, before) => (before === 0 ? problem(422, 'not-registered') : signedIn),
      'POST /v1/registrations': problem(422, 'already-registered'),
      'GET /v1/me/lines': { lines: [ownLine] },
    }
    const seen = await begin({ language, path: '/login?next=/me/numbers', script })
    const { page, say } = seen
    await page.getByLabel(say('portal.topUp.number')).fill(own)
    await typeCode(seen, '123456')
    await page
      .getByRole('main')
      .getByRole('button', { name: say('account.logIn.submit'), exact: true })
      .click()
    await page.getByText(say('account.logIn.notRegistered')).waitFor()
    await look(seen, 'log-in-not-registered')
    await page.getByRole('link', { name: say('account.logIn.registerNow') }).click()
    await page.getByRole('checkbox').check()
    await page.getByRole('button', { name: say('account.register.submit'), exact: true }).click()
    await page.getByText(say('account.register.found')).waitFor()
    await look(seen, 'register-found')
    await page.getByRole('button', { name: say('account.register.logInNow'), exact: true }).click()
    await page.getByRole('heading', { level: 1, name: say('account.numbers.title') }).waitFor()
    const bodies = seen.sent.filter(({ endpoint }) => endpoint === 'POST /v1/log-ins').map(({ body }) => body)
    expect(bodies).toEqual([
      { by: 'sms-code', number: '15400001234', code: '123456' },
      { by: 'sms-code', number: '15400001234', code: '123456' },
    ])
    await seen.end()
  })

  it('a registration says beside each field what is wrong, goes there, and keeps what was typed', async () => {
    const script: Script = {
      ...mine,
      'POST /v1/registrations': (_, before) =>
        before === 0 ? problem(422, 'code-wrong', { triesLeft: 4 }) : problem(422, 'password-common'),
    }
    const seen = await begin({ language, path: '/register', script })
    const { page, say } = seen
    const isFocused = (label: string) =>
      page.getByLabel(label, { exact: true }).evaluate((element) => element === document.activeElement)
    const submit = page.getByRole('button', { name: say('account.register.submit'), exact: true })
    await page.getByLabel(say('portal.topUp.number')).fill('1540000123')
    await submit.click()
    expect(await isFocused(say('portal.topUp.number'))).toBe(true)
    const many = language === 'zh-CN' ? 'numberShort_other' : 'numberShort_one'
    await page.getByText(say(`account.register.${many}`).replace('{{count}}', '1')).waitFor()
    await page.getByText(say('account.register.acceptMissing')).waitFor()
    await look(seen, 'register-missing')
    await page.getByLabel(say('portal.topUp.number')).fill(own)
    await page.getByLabel(say('portal.code.label'), { exact: true }).fill('111111')
    const password = `${say('account.register.password')}${say('kit.optional')}`
    await page.getByLabel(password, { exact: true }).fill('correct horse battery')
    await page.getByRole('checkbox').check()
    await submit.click()
    await page.getByText(say('problem.code-wrong.text').replace('{{triesLeft}}', '4')).waitFor()
    expect(await isFocused(say('portal.code.label'))).toBe(true)
    await look(seen, 'register-code-wrong')
    await submit.click()
    await page.getByText(say('problem.password-common.text')).waitFor()
    expect(await isFocused(password)).toBe(true)
    expect(await page.getByLabel(password, { exact: true }).inputValue()).toBe('correct horse battery')
    await seen.end()
  })
})
