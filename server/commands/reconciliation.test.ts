import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { idFromWire, idToWire } from '../../contract/id.ts'
import { wechatBill } from '../../sandbox/statement/wechat-bill.ts'
import { readConfig } from '../platform/config.ts'
import { payment, reconciliationRoom, refundOf, wechat } from '../reconciliation/reconcile-fixture.ts'
import {
  assignCommand,
  breaksCommand,
  closeCommand,
  type RunOptions,
  runCommand,
  settledCommand,
  termsCommand,
} from './reconciliation.ts'

const room = await reconciliationRoom()
const directory = mkdtempSync(join(tmpdir(), 'baohao-reconciliation-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const config = readConfig(
  { BAOHAO_MODE: 'test', DATABASE_URL: room.appUrl, BAOHAO_DATA: directory },
  directory,
)
const brand = 'laika'
const rail = { brand, provider: 'wechat', merchant: wechat.id }
const DAY = '2026-11-20'

const paid = [1, 2, 3].map((hour) => payment(`${DAY} 0${hour}:00:00`))
const back = refundOf(paid[0] as (typeof paid)[0], `${DAY} 12:00:00`)
const stranger = payment(`${DAY} 13:00:00`, 700n, { feeMinor: 4n })
await room.books(wechat, [...paid, back])
const bill = wechatBill({ mchId: wechat.id, appId: 'wx8888888888888888', rate: '0.60%' }, [...paid, stranger])
const file = join(directory, 'bill.csv')
writeFileSync(file, bill.bytes)

/** What a command said, with its answer last where it has one. */
async function said(run: (say: (line: string) => void) => Promise<unknown>): Promise<string> {
  const lines: string[] = []
  const answer = await run((line) => lines.push(line))
  return [...lines, ...(typeof answer === 'boolean' ? [`-> ${answer}`] : [])].join('\n')
}
const run = (options: Partial<RunOptions> = {}, date = DAY) =>
  said((say) => runCommand(config, date, { brand, owner: 'finance', ...options }, say))
const breaks = (options: { readonly all?: true; readonly json?: true } = {}) =>
  said((say) => breaksCommand(config, { brand, ...options }, say))

describe('baohao reconciliation', () => {
  it('asks for what is missing in a sentence', async () => {
    await expect(run({}, '21.11.2026')).rejects.toThrow('is no date such as 2026-11-21')
    await expect(run({ file })).rejects.toThrow('name it with --provider and --merchant')
    await expect(run({ ...rail, file, merchant: '1' })).rejects.toThrow(
      /has no merchant 1 at wechat\. There are: /,
    )
    await expect(run({ ...rail, file: join(directory, 'none.csv') })).rejects.toThrow('ENOENT')
    await expect(run({ ...rail, file, sha1: '0'.repeat(40) })).rejects.toThrow('its SHA-1 is')
    await expect(run({ ...rail, file }, '2026-11-19')).rejects.toThrow('not of 2026-11-19')
    await expect(breaks()).resolves.toBe('No break is open.')
  })

  it('takes a contract’s fees', async () => {
    const terms = (feeBp: string) =>
      said((say) => termsCommand(config, { ...rail, feeBp, feeFixed: '0' }, say))
    await expect(terms('0.6')).rejects.toThrow('such as 60 for 0.6 %')
    expect(await terms('60')).toContain('matched from now on are held against these fees')
  })

  it('reads a bill, says what differs, and ends with false while a break is open', async () => {
    const text = await run({ ...rail, file, sha1: bill.sha1 })
    expect(text).toMatch(/4 rows read\.\nwechat 1900000109, 2026-11-20: 4 rows, 2 new breaks\./)
    expect(text).toContain('fees of CNY 0.94 are posted')
    expect(text).toMatch(/1 open {2}missing-here +on the bill, not in our books {2}CNY 7\.00/)
    expect(text).toMatch(/1 open {2}missing-there +in our books, not on the bill {2}CNY 49\.80/)
    // Two of three payments, less the fees; the bill has the third and the stranger's too.
    expect(text).toContain(
      'The provider owes CNY 98.66 by the ledger, of which bills not settled yet come to CNY 155.46.',
    )
    expect(text).toMatch(/-> false$/)
  })

  it('says the same again, and no fee twice', async () => {
    const again = await run({ ...rail, file })
    expect(again).toContain('was read before; nothing is new in it.')
    expect(again).toContain('4 rows, 0 new breaks.')
    expect(again).not.toContain('posted')
  })

  it('without a file it fetches; whose bill cannot be had is said', async () => {
    const text = await run()
    expect(text).toMatch(/The bill of alipay 2021000000000001 for 2026-11-20 could not be fetched: /)
    expect(text).toContain('wechat 1900000109, 2026-11-20: 4 rows, 0 new breaks.')
    await expect(run({}, '2026-11-18')).rejects.toThrow('No bill of 2026-11-18 is here.')
  })

  it('as JSON', async () => {
    const [json = ''] = (await run({ ...rail, file, json: true })).split('\n')
    expect(JSON.parse(json)).toMatchObject([
      {
        provider: 'wechat',
        rows: 4,
        found: {},
        feeMinor: null,
        clearingMinor: '9866',
        unsettledMinor: '15546',
      },
    ])
  })

  it('names each break so that a stranger knows what it is about', async () => {
    const text = await breaks()
    expect(text).toContain(`payment ${stranger.transaction}, their number for it ${stranger.outTradeNo}`)
    expect(text).toContain('ours nothing, ledger nothing, bill CNY 7.00; difference CNY 7.00')
    expect(text).toContain(`refund ${back.outRefundNo}`)
    expect(text).toContain('ours CNY 49.80, ledger CNY 49.80, bill nothing; difference CNY 49.80')
    expect(text).toMatch(/open for 0 days, looked after by finance/)
    expect(idFromWire(back.outRefundNo as string)).not.toBeNull()
  })

  it('gives a break to somebody, and closes it by a reason or an entry, once', async () => {
    const found = await room.breaks()
    const id = idToWire(found.find(({ class: name }) => name === 'missing-here')?.id as string)
    const other = idToWire(found.find(({ class: name }) => name === 'missing-there')?.id as string)
    expect(await said((say) => assignCommand(config, id, { brand, to: 'li' }, say))).toBe(
      'li looks after it.',
    )
    const close = (which: string, more: { readonly entry?: true } = {}) =>
      said((say) => closeCommand(config, which, { brand, reason: 'asked them', ...more }, say))
    await expect(close('x')).rejects.toThrow('"x" is no break')
    await expect(close('0'.repeat(26))).rejects.toThrow('has no break')
    expect(await close(id, { entry: true })).toBe('Closed; posted as clearing-received.')
    await expect(close(id)).rejects.toThrow(/was closed by operator .* before: asked them/)
    expect(await close(other)).toBe('Closed.')
    expect(await breaks()).toBe('No break is open.')
    expect(await breaks({ all: true })).toMatch(/closed by operator .* with an entry: asked them/)
    expect(JSON.parse(await breaks({ all: true, json: true }))).toHaveLength(2)
    expect(await run({ ...rail, file })).toMatch(/-> true$/)
  })

  it('books what came to the bank, once', async () => {
    const options = { ...rail, through: DAY, reference: 'ICBC-1' }
    const settled = (amount: string) => said((say) => settledCommand(config, { ...options, amount }, say))
    await expect(settled('nothing')).rejects.toThrow('is an amount in CNY')
    await expect(settled('0.00')).rejects.toThrow('nothing did')
    const text = await settled('155.00')
    expect(text).toContain('CNY 155.00 booked to the bank for 1 bill up to 2026-11-20.')
    expect(text).toContain('They come to CNY 155.46: the difference of CNY -0.46 is a break.')
    expect(await settled('155.00')).toContain('was booked before; nothing was done')
    expect(await breaks()).toContain('settlement ICBC-1')
    expect(await room.broken()).toEqual([])
  })
})
