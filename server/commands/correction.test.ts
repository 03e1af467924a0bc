import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { askCorrection } from '../topup/index.ts'
import { refundHouse, uuid } from '../topup/refund-fixture.ts'
import { correctionCheckCommand, correctionListCommand, correctionRequestCommand } from './correction.ts'
import { operator } from './operator.ts'

const house = await refundHouse()
const { guest, laika, db, clock, owner, rows } = house
const directory = mkdtempSync(join(tmpdir(), 'baohao-correction-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
// The key that sealed the merchant's secrets.
writeFileSync(join(directory, 'master-key'), Buffer.alloc(32, 7).toString('hex'), { mode: 0o600 })
const config = readConfig(
  { BAOHAO_MODE: 'test', DATABASE_URL: house.appUrl, BAOHAO_DATA: directory },
  directory,
)
const brand = 'laika'

async function said(run: (say: (line: string) => void) => Promise<void>): Promise<string> {
  const lines: string[] = []
  await run((line) => lines.push(line))
  return lines.join('\n')
}
const askedBy = (order: string, number: string, actor = 'operator ann') =>
  askCorrection({ db, clock }, laika, {
    ...{ order: uuid(order), msisdn: `86${number}`, reason: '客户充错号码', proof: 'case LK-261122-7Q4W2V' },
    ...{ mayEnd: false, actor },
  })
const approve = (id: string) => said((say) => correctionCheckCommand(config, id, 'approved', { brand }, say))
const wireOf = async () => (await said((say) => correctionListCommand(config, { brand }, say))).slice(0, 26)

describe('a correction', () => {
  it('is asked for by one operator and made by another: money, days and messages', async () => {
    const { id, number: wrong } = await house.bought(guest, 10_000n)
    const right = await house.aLine()
    const asked = await said((say) =>
      correctionRequestCommand(config, id, { brand, to: right, reason: '充错', proof: 'case 1' }, say),
    )
    expect(asked).toContain(`is to go to 154****${right.slice(-4)}`)
    const own = await wireOf()
    await expect(approve(own)).rejects.toThrow('another operator must')
    await owner.query(`update laika.refund_request set requested_by = 'operator ann' where id = $1`, [
      uuid(own),
    ])
    expect(await approve(own)).toContain(`is on 154****${right.slice(-4)}`)
    expect([await house.balanceOf(wrong), await house.balanceOf(right)]).toEqual(['0', '10500'])
    expect(await house.order(guest, id)).toMatchObject({ state: 'credited', refunded: { amountMinor: '0' } })
    await house.settled()
    const told = await rows(
      `select recipient, template, filling from laika.message where template like 'credit-moved%' order by template`,
    )
    expect(told.map(({ recipient, template }) => [recipient, template])).toEqual([
      [`86${wrong}`, 'credit-moved-away'],
      [`86${right}`, 'credit-moved-here'],
      [expect.any(String), 'credit-moved-payer'],
    ])
    expect(JSON.stringify(told[0]?.filling)).not.toContain(right.slice(-4))
    expect(await house.fsck()).toEqual([])
    expect((await house.asksBack(guest, id)).status).not.toBe(201)
  })

  it('waits alone: a refund, or another correction, of the same order is refused meanwhile', async () => {
    const { id } = await house.bought(guest)
    const right = await house.aLine()
    await askedBy(id, right)
    for (const other of [() => askedBy(id, right), () => house.byStaff(id)])
      await expect(other()).rejects.toMatchObject({ entry: { code: 'refund-in-progress' } })
    const declined = await said((say) =>
      // `operator()` is another person than ann.
      wireOf().then((wire) =>
        correctionCheckCommand(config, wire, 'declined', { brand, reason: '不符' }, say),
      ),
    )
    expect(declined).toContain('is declined')
    expect(operator()).not.toBe('operator ann')
    expect(await house.byStaff(id)).toMatchObject({ request: { state: 'approved' } })
  })

  it.each<[string, string, (number: string) => string]>([
    ['its own number', 'correction-same-number', (number) => number],
    ['a number that is none', 'line-not-found', () => '15499999999'],
  ])('to %s is refused', async (_, code, to) => {
    const { id, number } = await house.bought(guest)
    await expect(askedBy(id, to(number))).rejects.toMatchObject({ entry: { code } })
  })

  it('of which a part is planted elsewhere is found', async () => {
    await house.settled()
    expect(await house.fsck()).toEqual([])
    await owner.query('begin')
    await owner.query(
      `update laika.line_event set detail = jsonb_set(detail, '{amountMinor}', '"1"') where kind = 'credit-received'`,
    )
    const { refundChecks } = await import('../topup/refund-checks.ts')
    const found = []
    for (const check of refundChecks)
      if ('sql' in check && (await rows(check.sql.replaceAll('{{brand}}', 'laika'))).length > 0)
        found.push(check.sentence)
    await owner.query('rollback')
    expect(found).toEqual([expect.stringContaining('What a correction took from the wrong line')])
  })
})
