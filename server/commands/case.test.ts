import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { newKey, PAYER, topUpHouse } from '../../test/support/top-up.ts'
import type { Visitor } from '../../test/support/visitor.ts'
import { createMessaging } from '../messaging/index.ts'
import { readConfig } from '../platform/config.ts'
import { createSupport } from '../support/index.ts'
import { ownOrderInBrief } from '../topup/index.ts'
import { caseAnswerCommand, caseCloseCommand, caseListCommand, caseShowCommand } from './case.ts'
import { operator } from './operator.ts'
import { CommandRefused, UsageError } from './usage.ts'

const house = await topUpHouse()
const { db, clock, owner } = house
const messaging = createMessaging({
  ...{ db, clock, log: house.log, brands: house.brands, masterKey: Buffer.alloc(32, 7) },
  channels: () => ({ sms: null, email: null }),
})
const rooms = { db, clock, messaging, identity: house.identity, orderOf: ownOrderInBrief }
await house.http.register(createSupport(rooms).routes)

const directory = mkdtempSync(join(tmpdir(), 'baohao-case-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const env = { BAOHAO_MODE: 'test', DATABASE_URL: house.appUrl, BAOHAO_DATA: directory }
const config = readConfig(env, directory)
const brand = 'laika'

/** What a command said. */
async function said(run: (say: (line: string) => void) => Promise<void>): Promise<string> {
  const lines: string[] = []
  await run((line) => lines.push(line))
  return lines.join('\n')
}
const list = (json?: true) =>
  said((say) => caseListCommand(config, { brand, ...(json ? { json } : {}) }, say))
const show = (number: string) => said((say) => caseShowCommand(config, number, { brand }, say))
const answer = (number: string, options: { text?: string; file?: string }) =>
  said((say) => caseAnswerCommand(config, number, { brand, ...options }, say))
const close = (number: string, because: string) =>
  said((say) => caseCloseCommand(config, number, { brand, because }, say))

const OWN = '15400070001'
await house.open({ msisdn: `86${OWN}`, paidMinor: 1230n })
const QUESTION = '充值成功了，但是余额没有变化。'

async function ask(who: Visitor, more: object = {}): Promise<string> {
  const captcha = await who.captcha()
  const replyTo = { by: 'sms', number: PAYER }
  const body = { topic: 'top-up', body: QUESTION, locale: 'zh-CN', replyTo, captcha, ...more }
  const opened = await who.send('POST', '/v1/cases', body, { 'idempotency-key': newKey() })
  expect(opened.status).toBe(201)
  return opened.body.number
}
const stranger = () => house.visit()
const rows = async (sql: string, ...values: unknown[]) => (await owner.query(sql, values)).rows
const acts = (number: string) =>
  rows(
    'select a.actor, a.act from laika.audit a join laika.support_case c on c.id::text = a.subject where c.number = $1 order by a.id',
    number,
  )

describe('a case about an order', async () => {
  const guest = await house.guest()
  const { id, attempt } = await house.toPay(guest, OWN, 5000n)
  await house.notify(attempt)
  await house.topUps.sweep('laika')
  const number = await ask(guest, { order: id })

  it('is listed until it is answered, and read with how the order stands', async () => {
    expect(await list()).toMatch(
      new RegExp(
        `^${number}  2026-11-\\d\\d \\d\\d:\\d\\d:\\d\\d  top-up  zh-CN  154\\*{4}0001 ¥49\\.80  ${QUESTION}$`,
        'm',
      ),
    )
    const shown = await show(number.toLowerCase())
    expect(shown).toContain(`about top-up, asked in Chinese (times of Asia/Shanghai):\n  ${QUESTION}\n`)
    expect(shown).toContain('By SMS to 154****9999 (proved by a code)')
    expect(shown).toContain(`Order ${id}, 154****0001 for ¥49.80: credited\n`)
    const steps = [
      'placed',
      'payment begun with alipay (wap), now captured',
      'credited, receipt LK-W-00000001',
    ]
    const places = steps.map((step) => shown.indexOf(`  ${step}\n`))
    expect(places.toSorted((a, b) => a - b)).toEqual(places)
    expect(places[0], shown).toBeGreaterThan(0)
    expect(shown).toContain(`  paid ¥49.80, alipay T${attempt}\n`)
    expect(shown).toContain(`baohao case answer ${number} --brand laika`)
    expect(shown).not.toContain(OWN)
    expect(await acts(number)).toEqual([{ actor: operator(), act: 'case read' }])
  })

  it('is answered once, by the pages and a message, with the operator’s name in the audit', async () => {
    expect(await answer(number, { text: ' 已为您查明，余额现在正确。\n' })).toContain(
      'told by SMS to 154****9999 that it is there',
    )
    expect((await guest.get('/v1/me/cases')).body.cases[0]).toMatchObject({
      ...{ number, state: 'answered', answer: '已为您查明，余额现在正确。' },
    })
    expect(
      await rows(`select recipient, locale, filling from laika.message where template = 'case-answered'`),
    ).toEqual([{ recipient: `86${PAYER}`, locale: 'zh-CN', filling: { number } }])
    expect((await acts(number)).at(-1)).toEqual({ actor: operator(), act: 'case answered' })
    await expect(answer(number, { text: '再答一次' })).rejects.toThrow('an answer is final')
    expect(await list()).not.toContain(number)
    expect(await show(number)).toContain('The answer:\n  已为您查明，余额现在正确。\n')
  })
})

describe('a case of somebody who was not signed in', () => {
  it('is answered by e-mail, from a file', async () => {
    const email = 'lin@example.com'
    const number = await ask(stranger(), { locale: 'en', replyTo: { by: 'email', email }, topic: 'other' })
    expect(await show(number)).toMatch(
      /about something else, asked in English[\s\S]*l\*{4}@example\.com \(not proved to be theirs\)[\s\S]*It names no order\./,
    )
    const file = join(directory, 'answer.txt')
    writeFileSync(file, 'It is there now.\n\nHarbour\n')
    expect(await answer(number, { file })).toContain('sent it by e-mail to l****@example.com')
    expect(await rows('select locale, filling from laika.message where recipient = $1', email)).toEqual([
      { locale: 'en', filling: { number, answer: 'It is there now.\n\nHarbour' } },
    ])
  })

  it('cannot steer the terminal it is read on', async () => {
    const number = await ask(stranger(), { body: '\u001b[2J\u202e问题在这里\u0007\nsecond line' })
    for (const text of [await list(), await show(number)]) {
      expect(text).toContain('问题在这里')
      expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u)
    }
    await close(number, 'not-understood')
  })

  it('is closed with a reason, and nobody is written to', async () => {
    const number = await ask(stranger())
    expect(await close(number, 'duplicate')).toContain(`${number} is closed.`)
    expect(
      await rows('select answer, answered_by from laika.support_case where number = $1', number),
    ).toEqual([{ answer: '您就同一件事还有另一条提问，我们在那条里答复您。', answered_by: operator() }])
    expect(
      await rows(
        `select from laika.message where subject in (select id from laika.support_case where number = $1)`,
        number,
      ),
    ).toEqual([])
    await expect(close(number, 'by-phone')).rejects.toThrow(CommandRefused)
  })
})

it('is listed by the program itself, as JSON in minor units', async () => {
  const guest = await house.guest()
  const { body: order } = await house.place(guest, OWN, 10_000n)
  const number = await ask(guest, { order: order.id })
  const main = join(import.meta.dirname, '../main.ts')
  const { stdout, status } = spawnSync(process.execPath, [main, 'case', 'list', '--brand', brand, '--json'], {
    ...{ cwd: directory, encoding: 'utf8', env: { PATH: process.env.PATH, ...env } },
  })
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toEqual([
    {
      ...{ number, topic: 'top-up', locale: 'zh-CN', body: QUESTION, answer: null, answeredAt: null },
      openedAt: expect.any(String),
      order: { id: order.id, msisdn: '154****0001', price: { amountMinor: '9950', currency: 'CNY' } },
      reply: { by: 'sms', to: '154****9999', proved: true },
    },
  ])
})

it.each<[string, () => Promise<string>, string]>([
  ['no answer', () => answer('LK-261122-000000', {}), 'by --text or by --file'],
  ['two answers', () => answer('LK-261122-000000', { text: 'a', file: 'b' }), 'by --text or by --file'],
  ['an empty answer', () => answer('LK-261122-000000', { text: ' \n' }), 'is empty'],
  [
    'an answer without an end',
    () => answer('LK-261122-000000', { text: '长'.repeat(2_001) }),
    'at most 2000',
  ],
  ['a reason that is none', () => close('LK-261122-000000', 'spam'), 'duplicate, by-phone, not-understood'],
])('refuses %s', async (_, command, sentence) => {
  const refused = command()
  await expect(refused).rejects.toThrow(UsageError)
  await expect(refused).rejects.toThrow(sentence)
})

it('says where to look when there is no such case', async () => {
  await expect(show('LK-261122-000000')).rejects.toThrow('baohao case list --brand laika')
})
