import { readFile } from 'node:fs/promises'
import { idToWire } from '../../contract/id.ts'
import { wire } from '../../contract/money.ts'
import type { Brand } from '../brand/index.ts'
import { createMessaging, type Messaging } from '../messaging/index.ts'
import { writeAudit } from '../platform/audit.ts'
import { isoInstant } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import { createLog } from '../platform/log.ts'
import type { Say } from '../serve.ts'
import {
  answerCase,
  type Case,
  type Closing,
  closeCase,
  closings,
  maskedReply,
  readCase,
  readOpenCases,
} from '../support/index.ts'
import { orderInContext } from '../topup/index.ts'
import { caseInBrief, caseInFull } from './case-text.ts'
import { type BrandRoom, withBrand } from './command-database.ts'
import { paymentsOf } from './command-payments.ts'
import { operator } from './operator.ts'
import { CommandRefused, UsageError } from './usage.ts'

export interface CaseOptions {
  readonly brand: string
  readonly json?: true
}

const LISTED = 200

/** `baohao case list`: what waits for an answer, the oldest first. */
export async function caseListCommand(config: Config, options: CaseOptions, say: Say): Promise<void> {
  await withBrand(config, options.brand, async ({ db, brand }) => {
    const found = await readOpenCases(db.of(brand.key), LISTED + 1)
    const cases = found.slice(0, LISTED)
    if (options.json) return say(JSON.stringify(cases.map((one) => asJson(brand, one))))
    if (cases.length === 0) return say(`No case of ${brand.key} waits for an answer.`)
    for (const one of cases) say(caseInBrief(brand, one))
    if (found.length > LISTED) say(`These are the ${LISTED} oldest; there are more.`)
  })
}

/** `baohao case show NUMBER`: the question with the order it is about. Whoever reads it leaves a row in the audit. */
export async function caseShowCommand(
  config: Config,
  number: string,
  options: CaseOptions,
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async (room) => {
    const { db, clock, brand } = room
    const one = await findCase(room, number)
    const entry = { actor: operator(), act: 'case read', subject: one.id }
    await db.of(brand.key).tx((tx) => writeAudit(tx, entry, clock.instant()))
    const payments = paymentsOf(config, room)
    const deps = { db, clock, payments, messaging: messagingOf(config, room) }
    const order = one.order && (await orderInContext(deps, brand, one.order.id))
    if (options.json)
      return say(JSON.stringify({ ...asJson(brand, one), orderState: order?.order.state ?? null }))
    for (const line of caseInFull(brand, one, order)) say(line)
    if (one.answer !== null) return
    say('What comes next:')
    say(`  - its answer:         baohao case answer ${one.number} --brand ${brand.key} --text TEXT`)
    say(
      `  - an end without one: baohao case close ${one.number} --brand ${brand.key} --because ${closings.join('|')}`,
    )
  })
}

export interface CaseAnswerOptions extends CaseOptions {
  readonly text?: string
  readonly file?: string
}

const MOST_CHARACTERS = 2_000

/** `baohao case answer NUMBER`: the answer is final, stands on the pages, and is told where the question asks for it. */
export async function caseAnswerCommand(
  config: Config,
  number: string,
  options: CaseAnswerOptions,
  say: Say,
): Promise<void> {
  const text = await readAnswer(options)
  await withBrand(config, options.brand, async (room) => {
    const { db, clock, brand } = room
    const one = await findOpenCase(room, number)
    const messaging = messagingOf(config, room)
    await db
      .of(brand.key)
      .tx((tx) => answerCase(tx, { clock, messaging }, { number: one.number, text, actor: operator() }))
    const to = maskedReply(brand, one)
    const told =
      one.replyBy === 'sms' ? `told by SMS to ${to} that it is there` : `sent it by e-mail to ${to}`
    if (options.json) return say(JSON.stringify({ number: one.number, told: to !== null }))
    say(
      to === null
        ? `${one.number} is answered. Nobody is told: the account that asked is closed.`
        : `${one.number} is answered. Who asked is ${told} by the next baohao work.`,
    )
  })
}

async function readAnswer({ text, file }: CaseAnswerOptions): Promise<string> {
  if ((text === undefined) === (file === undefined))
    throw new UsageError('An answer is given by --text or by --file, by one of them.')
  const answer = (text ?? (await readFile(file as string, 'utf8'))).trim()
  if (answer === '') throw new UsageError('The answer is empty.')
  if ([...answer].length > MOST_CHARACTERS)
    throw new UsageError(`An answer has at most ${MOST_CHARACTERS} characters.`)
  return answer
}

export interface CaseCloseOptions {
  readonly brand: string
  readonly because: string
}

/** `baohao case close NUMBER`: ends it without an answer of its own; who asked reads why. */
export async function caseCloseCommand(
  config: Config,
  number: string,
  options: CaseCloseOptions,
  say: Say,
): Promise<void> {
  const because = readClosing(options.because)
  await withBrand(config, options.brand, async (room) => {
    const { db, clock, brand } = room
    const one = await findOpenCase(room, number)
    await db
      .of(brand.key)
      .tx((tx) => closeCase(tx, { clock }, { number: one.number, because, actor: operator() }))
    say(`${one.number} is closed. Who asked reads why on the pages; no message is sent.`)
  })
}

function readClosing(written: string): Closing {
  const found = closings.find((closing) => closing === written)
  if (!found) throw new UsageError(`--because is ${closings.join(', ')}, not "${written}".`)
  return found
}

async function findCase({ db, brand }: BrandRoom, written: string): Promise<Case> {
  const number = written.trim().toUpperCase()
  const one = await readCase(db.of(brand.key), number)
  if (!one)
    throw new CommandRefused(
      `There is no case ${number} of ${brand.key}: baohao case list --brand ${brand.key}`,
    )
  return one
}

async function findOpenCase(room: BrandRoom, written: string): Promise<Case> {
  const one = await findCase(room, written)
  if (one.answeredAtMs !== null)
    throw new CommandRefused(
      `${one.number} was answered at ${isoInstant(one.answeredAtMs)}, and an answer is final: baohao case show ${one.number} --brand ${room.brand.key}`,
    )
  return one
}

/** For writing and reading messages alone; sending is the work of `baohao work`. */
function messagingOf(config: Config, { db, brands, clock }: BrandRoom): Messaging {
  return createMessaging({
    ...{ db, clock, brands, masterKey: config.masterKey, log: createLog(config.logLevel) },
    channels: () => ({ sms: null, email: null }),
  })
}

function asJson(brand: Brand, one: Case) {
  const { number, topic, locale, body, order, replyBy, replyProved, answer } = one
  return {
    ...{ number, topic, locale, body, answer },
    openedAt: isoInstant(one.openedAtMs),
    answeredAt: one.answeredAtMs === null ? null : isoInstant(one.answeredAtMs),
    order: order && {
      id: idToWire(order.id),
      msisdn: order.msisdn,
      price: wire(order.priceMinor, brand.currency),
    },
    reply: { by: replyBy, to: maskedReply(brand, one), proved: replyProved },
  }
}
