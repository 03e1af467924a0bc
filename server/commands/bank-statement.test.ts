import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { csvStatementZh } from '../../sandbox/statement/bank-csv.ts'
import type { Booking } from '../../sandbox/statement/booking.ts'
import { testDatabase } from '../../test/support/database.ts'
import { readConfig } from '../platform/config.ts'
import { type BankOptions, bankAddCommand } from './bank-account.ts'
import {
  assignCommand,
  closeCommand,
  entriesCommand,
  type ImportOptions,
  importCommand,
  matchCommand,
  refundsCommand,
  returnCommand,
} from './bank-statement.ts'
import { CommandRefused, UsageError } from './usage.ts'

const { owner, appUrl } = await testDatabase()
const directory = mkdtempSync(join(tmpdir(), 'baohao-bank-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const config = readConfig({ BAOHAO_MODE: 'test', DATABASE_URL: appUrl, BAOHAO_DATA: directory }, directory)
const brand = 'laika'
const file = (name: string, content: string | Buffer) => {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}
async function said(run: (say: (line: string) => void) => Promise<unknown>): Promise<string> {
  const lines: string[] = []
  await run((line) => lines.push(line))
  return lines.join('\n')
}

const bank: BankOptions = {
  ...{
    brand,
    id: 'main',
    holder: '莱卡通信有限公司',
    bank: '中国工商银行',
    account: '0200 0496 0920 0123 456',
  },
  payWithin: '5',
}
const add = (more: Partial<BankOptions> = {}) =>
  said((say) => bankAddCommand(config, {}, { ...bank, ...more }, say))
const account = { holder: bank.holder, number: '0200049609200123456', currency: 'CNY' }
const booking = (n: number, more: Partial<Booking> = {}): Booking => ({
  ...{ reference: `B${n}`, direction: 'credit', reversal: false, amountMinor: 123456n, day: '2026-11-22' },
  ...{ text: `房租 ${n}`, name: '张三', account: '6222020200112233445' },
  ...more,
})
const csv = (bookings: Booking[]) => csvStatementZh({ account, openingMinor: 0n, bookings }, 'gbk')
const take = (path: string, more: Partial<ImportOptions> = {}) =>
  said((say) => importCommand(config, path, { brand, merchant: 'main', owner: 'finance', ...more }, say))
const list = (more: object = {}) => said((say) => entriesCommand(config, { brand, ...more }, say))
const idOf = async (reference: string) => {
  const all = JSON.parse(await list({ json: true })) as { entry: { id: string; reference: string } }[]
  return all.find(({ entry }) => entry.reference === reference)?.entry.id ?? ''
}

describe('a bank account', () => {
  it('is kept with what payers are told, and is known by its number', async () => {
    expect(await add()).toContain('The merchant main takes payments for laika in CNY')
    const { rows } = await owner.query("select * from laika.merchant where provider = 'bank'")
    expect(rows).toMatchObject([
      {
        ...{ id: 'main', seller: account.number, private_key: null },
        settings: {
          holder: bank.holder,
          bankName: bank.bank,
          accountNumber: account.number,
          payWithinDays: '5',
        },
      },
    ])
  })

  it.each<[string, Partial<BankOptions>]>([
    ['--id', { id: 'our bank' }],
    ['--account', { account: 'x' }],
    ['--sort-code', { sortCode: '200000' }],
    ['--iban', { iban: 'DE89370400440532013001' }],
    ['--bic', { bic: 'COBA' }],
    ['--pay-within', { payWithin: '0' }],
    ['--csv-profile', { csvProfile: file('profile.json', '{"columns":{}}') }],
  ])('with a wrong %s is refused', async (option, more) => {
    await expect(add(more)).rejects.toThrow(UsageError)
    await expect(add(more)).rejects.toThrow(option)
  })

  it('by its IBAN needs no number', async () => {
    const { account: _, ...without } = bank
    const iban = 'DE89 3704 0044 0532 0130 00'
    expect(
      await said((say) => bankAddCommand(config, {}, { ...without, id: 'de', iban, off: true }, say)),
    ).toContain('takes no new payments')
  })
})

describe('its statements', () => {
  it('are taken in, and what is in them is seen to', async () => {
    const bookings = [booking(1), booking(2), booking(3, { direction: 'debit', text: '工资' })]
    const path = file('day.csv', csv(bookings))
    expect(await take(path, { dryRun: true })).toContain('Nothing was written.')
    expect(await take(path)).toMatch(
      /day\.csv: 3 entries, 3 of them new\.\n +2 for a person {2}no-reference.*\n +1 for a person {2}debit-unknown/,
    )
    expect(await take(path)).toContain('was taken in before')
    expect(await list()).toMatch(
      /2026-11-22 {2}\+¥1,234\.56 {2}no-reference: .*\n.*张三 6222020200112233445\n.*"房租 1 转账"\n.*looked after by finance/,
    )
    const [first, second, debit] = (await Promise.all(['B1', 'B2', 'B3'].map(idOf))) as [
      string,
      string,
      string,
    ]
    expect(await said((say) => assignCommand(config, first, { brand, to: 'bob' }, say))).toBe(
      'bob looks after it.',
    )
    const order = '01JD9Z3K6N8Q4W2V7X5Y0ABCDE'
    await expect(said((say) => matchCommand(config, [first], { brand, order }, say))).rejects.toThrow(
      'no transfer to this account was begun for the order',
    )
    expect(await said((say) => returnCommand(config, first, { brand, reference: 'BACK' }, say))).toContain(
      'Recorded.',
    )
    expect(await said((say) => closeCommand(config, second, { brand, reason: 'rent' }, say))).toBe('Closed.')
    expect(await said((say) => closeCommand(config, debit, { brand, reason: 'wages' }, say))).toBe('Closed.')
    await expect(said((say) => closeCommand(config, debit, { brand, reason: 'x' }, say))).rejects.toThrow(
      CommandRefused,
    )
    expect(await list()).toBe('No entry of laika waits for a person.')
    expect(await list({ all: true })).toMatch(
      /returned by operator .*\n[\s\S]*dismissed by operator .*: rent/,
    )
    expect(await said((say) => refundsCommand(config, { brand }, say))).toContain('No refund of laika waits')
  })

  it('that cannot be read are refused, and nothing stands', async () => {
    const wrong = file(
      'wrong.csv',
      csv([booking(9)])
        .toString('latin1')
        .replace('B9', ''),
    )
    await expect(take(wrong)).rejects.toThrow(/wrong\.csv/)
    await expect(take(join(directory, 'none.csv'))).rejects.toThrow(UsageError)
    await expect(take(wrong, { merchant: 'other' })).rejects.toThrow('There is no bank account other')
    await expect(take(wrong, { encoding: 'latin1' })).rejects.toThrow('--encoding is utf-8 or gbk')
    expect(await idOf('B9')).toBe('')
  })
})
