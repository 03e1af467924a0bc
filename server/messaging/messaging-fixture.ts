import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { afterEach, beforeEach, expect } from 'vitest'
import { type TestClock, testDatabase } from '../../test/support/database.ts'
import type { BrandDb, Db } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import { type FakeSmsc, startFakeSmsc } from './fake-smsc.ts'
import {
  type Channels,
  createMessaging,
  type MessageIntent,
  type Messaging,
  messagingChecks,
} from './index.ts'

export interface MessageRow {
  readonly state: string
  readonly tries: number
  readonly unknowns: number
  readonly failure: string | null
  readonly sealed: Buffer | null
  readonly dueAtMs: number
}

/** What the tests of this room share: a database, a fresh SMSC for each test, and senders over both. */
export interface MessagingFixture {
  readonly db: Db
  readonly laika: BrandDb
  readonly owner: pg.Client
  readonly clock: TestClock
  /** The SMSC of the running test; may be replaced by it. */
  smsc: FakeSmsc
  /** Senders of their own, as another process would have them: they share nothing with others but the database. */
  messagingOver(channels?: Partial<Channels>, brand?: string): Messaging
  enqueue(messaging: Messaging, ...intents: MessageIntent[]): Promise<void>
  /** An SMS of one part. */
  notice(over?: Partial<MessageIntent>): MessageIntent
  /** An SMS of two parts, with emoji. */
  longNotice(over?: Partial<MessageIntent>): MessageIntent
  /** An SMS with the code 482913. */
  code(messaging: Messaging, over?: Partial<MessageIntent>): MessageIntent
  row(message: MessageIntent): Promise<MessageRow>
  states(...messages: MessageIntent[]): Promise<string[]>
  /** Lets any setback of a link pass. */
  pass(): void
}

export async function openMessagingFixture(): Promise<MessagingFixture> {
  const { db, owner, brands, clock, log } = await testDatabase()
  const masterKey = randomBytes(32)
  const laika = db.of('laika')
  let opened: Messaging[] = []

  beforeEach(async () => {
    await owner.query('truncate laika.message, laika.message_part')
    opened = []
    fixture.smsc = await startFakeSmsc()
  })
  afterEach(async () => {
    await Promise.all(opened.map((messaging) => messaging.stop()))
    await fixture.smsc.stop()
    for (const { id, sql } of messagingChecks) {
      const { rows } = await owner.query(sql.replaceAll('{{brand}}', 'laika'))
      expect(rows, id).toEqual([])
    }
  })

  const fixture: MessagingFixture = {
    db,
    laika,
    owner,
    clock,
    smsc: undefined as unknown as FakeSmsc,
    messagingOver(channels = {}, sender = 'laika') {
      const messaging = createMessaging({
        db,
        clock,
        log,
        brands,
        masterKey,
        channels: (brand) =>
          brand === sender
            ? { sms: fixture.smsc.channel, email: null, ...channels }
            : { sms: null, email: null },
      })
      opened.push(messaging)
      return messaging
    },
    enqueue: (messaging, ...intents) => laika.tx(async (tx) => messaging.enqueue(tx, intents)),
    notice: (over) => notice(clock, over),
    longNotice(over) {
      const amount = `${'家庭套餐😀'.repeat(12)}五十元`
      return notice(clock, { values: { amount, balance: '62.30 元' }, ...over })
    },
    code(messaging, over) {
      const id = newId(clock.instant())
      const sealed = messaging.sealCode(id, '482913')
      return notice(clock, { id, template: 'log-in-code', values: { minutes: '10' }, sealed, ...over })
    },
    async row({ id }) {
      const [found] = await laika.query<MessageRow>(
        `select state, tries, unknowns, failure, sealed, due_at as "dueAtMs" from {{brand}}.message where id = $1`,
        [id],
      )
      return found as MessageRow
    },
    states: async (...messages) => (await Promise.all(messages.map(fixture.row))).map(({ state }) => state),
    pass: () => clock.advance(61_000),
  }
  return fixture
}

function notice(clock: TestClock, over: Partial<MessageIntent> = {}): MessageIntent {
  return {
    id: newId(clock.instant()),
    channel: 'sms',
    to: '8615400001234',
    template: 'top-up-credited-undated',
    locale: 'zh-CN',
    values: { amount: '50 元', balance: '62.30 元' },
    subject: null,
    sealed: null,
    notAfterMs: clock.instant() + 3_600_000,
    ...over,
  }
}
