import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { readConfig } from '../platform/config.ts'
import { newId } from '../platform/id.ts'
import { keepItems } from '../work-item/index.ts'
import { operator } from './operator.ts'
import { CommandRefused, UsageError } from './usage.ts'
import { workItemCloseCommand, workItemListCommand, workItemTakeCommand } from './work-item.ts'

const { db, owner, clock, log, appUrl } = await testDatabase()
const directory = mkdtempSync(join(tmpdir(), 'baohao-work-item-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const config = readConfig({ BAOHAO_MODE: 'test', DATABASE_URL: appUrl, BAOHAO_DATA: directory }, directory)
const brand = 'laika'

async function said(run: (say: (line: string) => void) => Promise<void>): Promise<string> {
  const lines: string[] = []
  await run((line) => lines.push(line))
  return lines.join('\n')
}
const list = (more: { all?: true; json?: true } = {}) =>
  said((say) => workItemListCommand(config, { brand, ...more }, say))

it('lists, takes and closes what waits for a person', async () => {
  expect(await list()).toBe('Nothing of laika waits for a person.')
  await owner.query(
    `insert into laika.evidence (id, provider, merchant, kind, provider_id, said, transaction, amount, currency, raw, fields, received_at)
     values ($1, 'alipay', '2021', 'notify', 'n1', 'paid', 'T-ORPHAN', 4980, 'CNY', '', '{}', now())`,
    [newId(clock.instant())],
  )
  await keepItems({ db, clock, log }, brand)
  const listed = await list()
  expect(listed).toMatch(
    /orphan-evidence: .*alipay 2021, transaction T-ORPHAN, CNY 49\.80\n.*payments looks after it/s,
  )
  const id = listed.slice(0, 26)
  expect(await said((say) => workItemTakeCommand(config, id, { brand }, say))).toBe(
    `${operator()} looks after it.`,
  )
  const close = (reason: string) => said((say) => workItemCloseCommand(config, id, { brand, reason }, say))
  await expect(close(' ')).rejects.toThrow(UsageError)
  expect(await close('another system of ours took it')).toContain('Closed.')
  await expect(close('again')).rejects.toThrow(/closed by operator .* another system of ours took it/)
  expect(await list()).toBe('Nothing of laika waits for a person.')
  expect(JSON.parse(await list({ all: true, json: true }))).toMatchObject([
    {
      id,
      kind: 'orphan-evidence',
      order: null,
      owner: operator(),
      amountMinor: '4980',
      closedBy: operator(),
    },
  ])
})

it('says what is no item', async () => {
  const take = (id: string) => said((say) => workItemTakeCommand(config, id, { brand }, say))
  await expect(take('nonsense')).rejects.toThrow(UsageError)
  await expect(take('01KARVZQ8E6T2M4N7P9R1S3V5X')).rejects.toThrow(CommandRefused)
})
