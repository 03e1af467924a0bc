import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountView, SessionView } from '../../contract/session.ts'
import { languages } from '../../web/language/language.ts'
import { launchBrowser } from '../support/browser.ts'
import { nobody, type PageServer, servePages } from '../support/page-server.ts'
import { look, type Visit, type VisitOptions, visit } from '../support/portal-visit.ts'
import { account, devices, mine, waitingChange } from '../support/scripted-account.ts'
import { problem, type Script } from '../support/scripted-api.ts'
import { ownLine, signedIn } from '../support/scripted-views.ts'

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
const bodiesOf = ({ sent }: Visit, endpoint: string) =>
  sent.filter((one) => one.endpoint === endpoint).map(({ body }) => body)

/** Fills a field of the open sheet by its label. */
const fill = ({ page }: Visit, label: string, value: string) =>
  page.getByRole('dialog').getByLabel(label, { exact: true }).fill(value)
const press = ({ page }: Visit, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click()

describe.each(languages)('in %s', (language) => {
  it('the personal centre: who one is, the ways on, how it looks, the way out', async () => {
    let session: SessionView = { ...signedIn, assurance: 'password' }
    const script: Script = {
      ...mine,
      'GET /v1/session': () => session,
      'DELETE /v1/session': () => {
        session = nobody
        return null
      },
    }
    const seen = await begin({ language, path: '/me', script })
    const { page, say } = seen
    await page.getByText('154****1234').waitFor()
    await page
      .getByRole('main')
      .getByRole('button', { name: say('profile.me.menu.display') })
      .click()
    await page.getByRole('dialog').getByText(say('display.kept')).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: say('profile.me.logOut') }).click()
    await page.getByRole('link', { name: say('portal.nav.logIn') }).waitFor()
    await page.waitForURL((url) => url.pathname === '/')
    await seen.end()
  })

  it('a server that cannot answer, and an answer that takes long', async () => {
    const away = { ...mine, 'GET /v1/me': problem(503, 'database-away') }
    const broken = await begin({ language, path: '/me/security', script: away })
    await broken.page.getByRole('alert').waitFor()
    await look(broken, 'security-broken')
    await broken.end()
    const slow = await begin({ language, path: '/me/security', script: { ...mine, 'GET /v1/me': 'never' } })
    await look(slow, 'security-loading')
    await slow.end()
  })

  it('account and security, and the name to be called by', async () => {
    let shown: AccountView = { ...account, name: null, email: null }
    const script: Script = {
      ...mine,
      'GET /v1/me': () => shown,
      'PUT /v1/me/profile': () => {
        shown = { ...shown, name: '小林' }
        return null
      },
    }
    const seen = await begin({ language, path: '/me/security', script })
    const { page, say } = seen
    await page.getByRole('button', { name: say('profile.devices.endOthers') }).waitFor()
    await look(seen, 'security')
    await page.getByRole('button', { name: say('profile.name.edit') }).click()
    await fill(seen, `${say('profile.name.label')}${say('kit.optional')}`, '小林')
    await press(seen, say('profile.name.save'))
    await page.getByText(say('profile.name.saved')).waitFor()
    await page.getByText('小林').waitFor()
    expect(bodiesOf(seen, 'PUT /v1/me/profile')).toEqual([{ name: '小林', locale: 'zh-CN' }])
    await seen.end()
  })

  it('a password worth its name: what is missing, what is weak, what was refused', async () => {
    const script: Script = {
      ...mine,
      'GET /v1/me': { ...account, hasPassword: false },
      'PUT /v1/me/password': (_, before) => (before === 0 ? problem(422, 'password-common') : null),
    }
    const seen = await begin({ language, path: '/me/security', script })
    const { page, say } = seen
    await page.getByRole('button', { name: say('account.security.setPassword') }).click()
    const field = page.getByRole('dialog').getByLabel(say('account.security.next'), { exact: true })
    await field.fill('seven')
    await press(seen, say('account.security.save'))
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true)
    await look(seen, 'security-password-short')
    await field.fill('aaaaaaaaaaaaaaaa')
    await page.getByText(say('account.password.weak')).waitFor()
    await field.fill('seven giraffes knit quietly')
    await page.getByText(say('account.password.strong')).waitFor()
    await press(seen, say('account.security.save'))
    await page.getByText(say('problem.password-common.text')).waitFor()
    expect(await field.inputValue()).toBe('seven giraffes knit quietly')
    await look(seen, 'security-password')
    await press(seen, say('account.security.save'))
    await page.getByText(say('account.security.passwordSaved')).waitFor()
    await seen.end()
  })

  it('an e-mail address: a slip is offered right, and a session too old is told where to go', async () => {
    const script: Script = {
      ...mine,
      'GET /v1/me': { ...account, email: null },
      'PUT /v1/me/email': problem(403, 'session-too-old'),
    }
    const seen = await begin({ language, path: '/me/security', script })
    const { page, say } = seen
    await page.getByRole('button', { name: say('account.security.setEmail') }).click()
    await fill(seen, say('account.security.newEmail'), 'lin@gmial.com')
    const use = page.getByRole('button', { name: 'lin@gmail.com' })
    await use.waitFor()
    await look(seen, 'security-email-slip')
    await use.click()
    const field = page.getByRole('dialog').getByLabel(say('account.security.newEmail'), { exact: true })
    expect(await field.inputValue()).toBe('lin@gmail.com')
    await press(seen, say('portal.code.send'))
    await page.getByText('154****1234').last().waitFor()
    await fill(seen, say('portal.code.label'), '123456')
    await press(seen, say('account.security.save'))
    await page.getByRole('link', { name: say('account.security.logInAgain') }).waitFor()
    await look(seen, 'security-email-too-old')
    await seen.end()
  })

  it('devices: one is ended, then all others', async () => {
    let shown = devices
    const script: Script = {
      ...mine,
      'GET /v1/me/sessions': () => shown,
      'DELETE /v1/me/sessions/:id': ({ path }) => {
        shown = { sessions: shown.sessions.filter(({ id }) => !path.endsWith(id)) }
        return null
      },
      'DELETE /v1/me/sessions': () => {
        shown = { sessions: shown.sessions.slice(0, 1) }
        return null
      },
    }
    const seen = await begin({ language, path: '/me/security', script })
    const { page, say } = seen
    const unknown = say('profile.devices.endLabel').replace('{{device}}', say('profile.devices.unknown'))
    await page.getByRole('button', { name: unknown }).click()
    await page.getByText(say('profile.devices.ended'), { exact: true }).waitFor()
    expect(await page.getByRole('button', { name: unknown }).count()).toBe(0)
    await page.getByRole('button', { name: say('profile.devices.endOthers') }).click()
    await page.getByText(say('profile.devices.alone')).waitFor()
    await seen.end()
  })

  it('a number is unbound, once it was said what that means', async () => {
    const bound = [ownLine]
    const script: Script = {
      ...mine,
      'GET /v1/me/lines': () => ({ lines: bound }),
      'DELETE /v1/me/lines/:number': () => {
        bound.pop()
        return null
      },
    }
    const seen = await begin({ language, path: '/me/security', script })
    const { page, say } = seen
    const label = say('profile.bound.unbindLabel').replace('{{number}}', '154 0000 1234')
    await page.getByRole('button', { name: label }).click()
    await page.getByText(say('profile.bound.confirm')).waitFor()
    await press(seen, say('profile.bound.submit'))
    await page.getByText(say('profile.bound.empty')).waitFor()
    await seen.end()
  })

  it('the phone is changed with the old one in hand; which code was wrong is said at it', async () => {
    const script: Script = {
      ...mine,
      'PUT /v1/me/phone': (_, before) =>
        before === 0 ? problem(422, 'code-wrong', { triesLeft: 4, pointer: '/proof/code' }) : null,
    }
    const seen = await begin({ language, path: '/me/security', script })
    const { page, say } = seen
    await page.getByRole('button', { name: say('account.security.changePhone') }).click()
    await fill(seen, say('profile.phone.oldCodeLabel'), '111111')
    await fill(seen, say('portal.topUp.number'), '1540000567')
    await fill(seen, say('profile.phone.newCode'), '222222')
    await press(seen, say('profile.phone.submitNow'))
    const number = page.getByRole('dialog').getByLabel(say('portal.topUp.number'), { exact: true })
    expect(await number.evaluate((element) => element === document.activeElement)).toBe(true)
    await look(seen, 'phone-short')
    await number.fill('15400005678')
    await press(seen, say('profile.phone.submitNow'))
    const old = page.getByRole('dialog').getByLabel(say('profile.phone.oldCodeLabel'), { exact: true })
    await page.getByText(say('problem.code-wrong.text').replace('{{triesLeft}}', '4')).waitFor()
    expect(await old.evaluate((element) => element === document.activeElement)).toBe(true)
    await look(seen, 'phone-code-wrong')
    await old.fill('333333')
    await press(seen, say('profile.phone.submitNow'))
    await page.getByText(say('account.security.phoneSaved')).waitFor()
    expect(bodiesOf(seen, 'PUT /v1/me/phone').at(-1)).toEqual({
      ...{ number: '15400005678', code: '222222' },
      proof: { by: 'phone', code: '333333' },
    })
    await seen.end()
  })

  it('the phone is not to be changed in a session by code, which is said before anything is typed', async () => {
    for (const hasPassword of [true, false]) {
      const script: Script = {
        ...mine,
        'GET /v1/session': signedIn,
        'GET /v1/me': { ...account, hasPassword },
      }
      const seen = await begin({ language, path: '/me/security', script })
      const { page, say } = seen
      await page.getByRole('button', { name: say('account.security.changePhone') }).click()
      const dialog = page.getByRole('dialog')
      await dialog
        .getByText(say(hasPassword ? 'profile.phone.needsLogIn' : 'profile.phone.needsSetting'))
        .waitFor()
      expect(await dialog.getByRole('textbox').count()).toBe(0)
      await look(seen, `phone-by-code-${hasPassword}`)
      await seen.end()
    }
  })

  it('with the old phone lost it waits, in everybody’s sight, and is stopped', async () => {
    let shown = account
    const script: Script = {
      ...mine,
      'GET /v1/me': () => shown,
      'PUT /v1/me/phone': () => {
        shown = { ...shown, phoneChange: waitingChange }
        return waitingChange
      },
      'DELETE /v1/me/phone-change': () => {
        shown = { ...shown, phoneChange: null }
        return null
      },
    }
    const seen = await begin({ language, path: '/me/security', script })
    const { page, say } = seen
    await page.getByRole('button', { name: say('account.security.changePhone') }).click()
    await page
      .getByRole('dialog')
      .getByRole('radio', { name: say('profile.phone.lost') })
      .check()
    await fill(seen, say('profile.phone.emailCodeLabel'), '111111')
    await fill(seen, say('profile.phone.password'), 'seven giraffes knit quietly')
    await fill(seen, say('portal.topUp.number'), '15400005678')
    await fill(seen, say('profile.phone.newCode'), '222222')
    await look(seen, 'phone-lost')
    await press(seen, say('profile.phone.submitWait'))
    const stop = page.getByRole('button', { name: say('profile.phone.stop') })
    await stop.waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await look(seen, 'phone-waiting')
    await stop.click()
    await page.getByText(say('profile.phone.stopped')).waitFor()
    expect(await stop.count()).toBe(0)
    await seen.end()
  })

  it('the account is closed by who has read what goes and what stays', async () => {
    const script: Script = {
      ...mine,
      'POST /v1/me/closure': (_, before) => (before === 0 ? problem(409, 'orders-open') : null),
    }
    const seen = await begin({ language, path: '/me/security', script })
    const { page, say } = seen
    await page.getByRole('button', { name: say('profile.close.title'), exact: true }).click()
    await press(seen, say('profile.close.submit'))
    await look(seen, 'close-missing')
    await fill(seen, say('profile.close.password'), 'seven giraffes knit quietly')
    await page.getByRole('dialog').getByRole('checkbox').check()
    await press(seen, say('profile.close.submit'))
    await page.getByText(say('problem.orders-open.text')).waitFor()
    await look(seen, 'close-refused')
    await press(seen, say('profile.close.submit'))
    await page.waitForURL((url) => url.pathname === '/')
    expect(bodiesOf(seen, 'POST /v1/me/closure')).toEqual(
      Array(2).fill({ understood: true, current: 'seven giraffes knit quietly' }),
    )
    await seen.end()
  })
})

describe.each(languages)('terms in %s', (language) => {
  it('new ones are asked for at the log-in, then the page one wanted opens', async () => {
    let accepted = '2025-09'
    const script: Script = {
      ...mine,
      'GET /v1/session': nobody,
      'GET /v1/me': () => ({ ...account, terms: { accepted, inForce: '2026-11' } }),
      'POST /v1/log-ins': signedIn,
      'POST /v1/me/terms': () => {
        accepted = '2026-11'
        return null
      },
    }
    const seen = await begin({ language, path: '/login?next=/me/numbers', script })
    const { page, say } = seen
    await page.getByLabel(say('portal.topUp.number')).fill('15400001234')
    await page.getByLabel(say('portal.code.label'), { exact: true }).fill('123456')
    await page
      .getByRole('main')
      .getByRole('button', { name: say('account.logIn.submit'), exact: true })
      .click()
    await page.getByRole('heading', { level: 1, name: say('profile.terms.title') }).waitFor()
    await page.getByRole('button', { name: say('profile.terms.accept') }).click()
    await page.getByText('154 0000 8000').waitFor()
    expect(bodiesOf(seen, 'POST /v1/me/terms')).toEqual([{ version: '2026-11' }])
    await seen.end()
  })

  it('every version can be read, and says which it is', async () => {
    const seen = await begin({ language, path: '/terms' })
    const { page, say } = seen
    await page.getByText(say('legal.inForce'), { exact: true }).waitFor()
    await page.getByRole('link', { name: `${say('legal.read')} 2025-09` }).click()
    await page.getByText(say('legal.oldNotice')).waitFor()
    await look(seen, 'terms-old')
    await page.getByRole('link', { name: say('legal.toCurrent') }).click()
    await page.getByText(say('legal.oldNotice')).waitFor({ state: 'detached' })
    await page.goto(`${pages.origin}/privacy?version=1999-01`)
    await page.getByText(say('legal.unknown')).waitFor()
    await look(seen, 'privacy-unknown')
    await seen.end()
  })
})
