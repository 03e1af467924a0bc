import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { testDatabase } from '../test/support/database.ts'
import { createBusinessFigures } from './business-figures.ts'
import { figures } from './platform/figures.ts'
import { newId } from './platform/id.ts'

const { appUrl, clock, log, brands, owner } = await testDatabase()
const read = async () => {
  const business = createBusinessFigures({ url: appUrl, clock, log, brands: brands.all })
  const text = await business.text()
  await business.close()
  return text
}

const figure = (text: string, name: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`))
    .map((line) => line.slice(name.length))

it('an empty brand has its figures, by brand', async () => {
  const text = await read()
  expect(figure(text, 'baohao_evidence_waiting')).toEqual(['{brand="laika"} 0', '{brand="harbour"} 0'])
  expect(figure(text, 'baohao_lines_ending')).toEqual(['{brand="laika"} 0', '{brand="harbour"} 0'])
  expect(text).toContain('# TYPE baohao_orders_open gauge')
})

it('orders that wait, messages that are due, evidence nobody knows, lines about to end and floats that are low', async () => {
  const at = new Date(clock.instant() - 60_000).toISOString()
  const id = () => newId(clock.instant())
  const order = (state: string) =>
    owner.query(
      `insert into laika.top_up (id, caller, line, offer, price, face, bonus, placed_at, epoch, kind, state, offer_kind, key, hash)
       values ($1, $2, $2, $2, 5000, 5000, 0, $3, 1, 'online', $4, 'denomination', $5, '\\x00')`,
      [id(), id(), at, state, id()],
    )
  for (const state of ['held', 'held', 'refunding', 'credited']) await order(state)
  await owner.query(
    `insert into laika.message (id, channel, recipient, template, locale, filling, urgency, due_at, not_after, created_at)
     values ($1, 'sms', '8615400001234', 'x', 'en', '{}', 1, $2, $2, $2)`,
    [id(), at],
  )
  await owner.query(
    `insert into laika.evidence (id, provider, merchant, kind, provider_id, said, raw, fields, received_at)
     values ($1, 'alipay', 'm', 'notify', 'n', 'closed', '', '{}', $2)`,
    [id(), at],
  )
  const line = async (daysLeft: number, policy = 'giffgaff-uk') => {
    const lineId = id()
    const msisdn = `86154${lineId.replace(/\D/g, '').padEnd(8, '0').slice(-8)}`
    await owner.query('insert into laika.line (id, msisdn, created_at) values ($1, $2, $3)', [
      lineId,
      msisdn,
      at,
    ])
    await owner.query(
      `insert into laika.line_clock (line, msisdn, epoch, policy, policy_version, standing, service_anchor, service_months,
         service_days, stage_told, next_due_on)
       values ($1, $2, 1, $4, 1, 'in-service', date '2026-11-22' + $3::int - 90, 0, 90, 's', date '2026-11-22')`,
      [lineId, msisdn, daysLeft, policy],
    )
  }
  // Ends today, tomorrow, in a week, in eight days.
  for (const daysLeft of [0, 1, 7, 8]) await line(daysLeft)
  // The same after the thirty, sixty and ninety days of its ladder.
  for (const daysLeft of [0, 1, 7, 8]) await line(daysLeft - 180, 'china-keep')

  const text = await read()
  expect(figure(text, 'baohao_orders_open')).toEqual(
    expect.arrayContaining(['{brand="laika",state="held"} 2', '{brand="laika",state="refunding"} 1']),
  )
  expect(figure(text, 'baohao_orders_open_oldest_seconds')).toContain('{brand="laika",state="held"} 60')
  expect(figure(text, 'baohao_messages_oldest_due_seconds')).toEqual(['{brand="laika",channel="sms"} 60'])
  expect(figure(text, 'baohao_evidence_orphans')).toContain('{brand="laika"} 1')
  expect(figure(text, 'baohao_lines_ending')).toContain('{brand="laika"} 4')
  expect(text).not.toContain('1540000')
})

it('every figure stands in the documentation', async () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/operating/metrics.md'), 'utf8')
  await import('./house.ts')
  const told = `${figures.text()}${await read()}`.matchAll(/^# TYPE (baohao_\w+)/gm)
  const names = [...told].map(([, name]) => name as string)
  expect(names.length).toBeGreaterThan(25)
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})

it('a figure that cannot be read is left out, and the others are told', async () => {
  await owner.query('alter table laika.evidence rename to evidence_gone')
  try {
    const text = await read()
    expect(figure(text, 'baohao_evidence_waiting')).toEqual(['{brand="harbour"} 0'])
    expect(figure(text, 'baohao_orders_open')).toContain('{brand="laika",state="held"} 2')
  } finally {
    await owner.query('alter table laika.evidence_gone rename to evidence')
  }
})
