import { beforeEach, expect, test } from 'vitest'
import { loadBrands } from '../brand/index.ts'
import { newId } from '../platform/id.ts'
import { messagingChecks } from './checks.ts'
import { keepDelivered } from './index.ts'
import { openMessagingFixture } from './messaging-fixture.ts'

const f = await openMessagingFixture()
const laika = loadBrands(f.db).then((brands) => brands.get('laika'))
const YEAR_MS = 365 * 86_400_000
let sentAtMs: number
beforeEach(() => {
  sentAtMs = f.clock.instant() - YEAR_MS
})

test('a message of the past is delivered, all its parts, and no sender ever takes it', async () => {
  const short = f.notice({ notAfterMs: sentAtMs + 60_000 })
  const long = f.longNotice({ notAfterMs: sentAtMs + 60_000 })
  const brand = await laika
  const at = { sentAtMs, deliveredAtMs: sentAtMs + 3_000 }
  await f.laika.tx(async (tx) => keepDelivered(tx, brand, [short, long], at))
  expect(await f.states(short, long)).toEqual(['delivered', 'delivered'])
  const parts = await f.owner.query('select message, part from laika.message_part order by message, part')
  expect(parts.rows.filter((row) => row.message === short.id)).toHaveLength(1)
  expect(parts.rows.filter((row) => row.message === long.id)).toHaveLength(2)
  expect(await f.messagingOver().drain()).toBe(0)
  expect(f.smsc.submissions).toHaveLength(0)
  for (const check of messagingChecks)
    expect((await f.owner.query(check.sql.replaceAll('{{brand}}', 'laika'))).rows).toEqual([])
})

test('a message with a secret is no history', async () => {
  const brand = await laika
  const code = f.code(f.messagingOver())
  const keep = f.laika.tx(async (tx) =>
    keepDelivered(tx, brand, [code], { sentAtMs, deliveredAtMs: sentAtMs }),
  )
  await expect(keep).rejects.toThrow('without secrets')
  const mail = { ...f.notice(), id: newId(sentAtMs), channel: 'email' as const }
  const keepMail = f.laika.tx(async (tx) =>
    keepDelivered(tx, brand, [mail], { sentAtMs, deliveredAtMs: sentAtMs }),
  )
  await expect(keepMail).rejects.toThrow('history is of SMS')
})
