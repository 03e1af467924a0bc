import { afterAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { createNotices, type Hearer } from './notify.ts'

const { db, appUrl: url, log } = await testDatabase()
const here = createNotices({ url, db, log })
const there = createNotices({ url, db, log })
afterAll(async () => {
  await here.close()
  await there.close()
})

/** Writes down what it hears. */
function listener() {
  const heard: (readonly string[] | 'many')[] = []
  const calls = { missed: 0 }
  const hearer: Hearer = {
    heard: (subjects) => heard.push(subjects),
    missed: () => calls.missed++,
  }
  return { heard, calls, hearer }
}

const connections = async () =>
  (
    await db.platform.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'baohao notices' and datname = current_database()`,
    )
  ).map(({ pid }) => pid)

const cities = listener()

it('nobody listens until somebody wants to hear', async () => {
  expect(here.listening()).toBe(false)
  expect(await connections()).toEqual([])
  here.hear('cities', cities.hearer)
  await expect.poll(() => here.listening()).toBe(true)
  expect(await connections()).toHaveLength(1)
  // Whatever was followed before may have changed unheard.
  expect(cities.calls.missed).toBe(1)
})

describe('a notice', () => {
  it('reaches another process and one’s own, and whoever hears of the topic only', async () => {
    there.tell('rivers', ['donau'])
    there.tell('cities', ['wien', 'linz'])
    await expect.poll(() => cities.heard.length).toBe(1)
    here.tell('cities', ['graz'])
    await expect.poll(() => cities.heard).toEqual([['wien', 'linz'], ['graz']])
  })

  it('of nothing is none', async () => {
    cities.heard.length = 0
    there.tell('cities', [])
    there.tell('cities', ['wels'])
    await expect.poll(() => cities.heard).toEqual([['wels']])
  })

  it('of more than it can name says so', async () => {
    cities.heard.length = 0
    const ids = Array.from({ length: 201 }, (_, i) => `01920000-0000-7000-8000-${`${i}`.padStart(12, '0')}`)
    there.tell('cities', ids.slice(1))
    await expect.poll(() => cities.heard).toEqual([ids.slice(1)])
    there.tell('cities', ids)
    await expect.poll(() => cities.heard.at(-1)).toBe('many')
  })

  it('shares the next one while one is under way, each subject once', async () => {
    cities.heard.length = 0
    for (let i = 0; i < 50; i++) there.tell('cities', [`${i % 10}`])
    const rest = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0']
    await expect.poll(() => cities.heard).toEqual([['0'], rest])
  })
})

it('a lost connection is made again, and those who hear are told that they may have missed something', async () => {
  cities.heard.length = 0
  const [pid] = await connections()
  await db.platform.query('select pg_terminate_backend($1)', [pid])
  await expect.poll(() => cities.calls.missed, { timeout: 10_000 }).toBe(2)
  expect(here.listening()).toBe(true)
  expect(await connections()).not.toEqual([pid])
  there.tell('cities', ['enns'])
  await expect.poll(() => cities.heard).toEqual([['enns']])
})

it('closed, it listens no more, and what was told before has gone out', async () => {
  const third = createNotices({ url, db, log })
  third.hear('cities', listener().hearer)
  await expect.poll(() => third.listening()).toBe(true)
  cities.heard.length = 0
  third.tell('cities', ['last'])
  await third.close()
  expect(await connections()).toHaveLength(1)
  await expect.poll(() => cities.heard).toEqual([['last']])
})
