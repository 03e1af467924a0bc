import { expect, test } from 'vitest'
import { brandPresets, readBrand } from '../brand/index.ts'
import { parseDay, presetOf, presets } from '../policy/index.ts'
import { type ImportColumn, importColumns, readHeader } from './import-columns.ts'
import { createRowReader, differences, type RowReading } from './import-row.ts'

const TODAY = parseDay('2026-11-22')
const [laika] = brandPresets.map(({ key, facts }) => readBrand(key, facts))
const names = importColumns.map(({ name }) => name)

/** Reads one row given by its columns; the number is a good one unless it says another. */
function read(cells: Partial<Record<ImportColumn, string>>, policy = presetOf('china-keep', 1)): RowReading {
  const header = readHeader(names)
  if ('problems' in header || !laika) throw new Error('the columns are the columns')
  const row = createRowReader({ brand: laika, policy, today: TODAY }, header)
  return row(names.map((name) => cells[name] ?? (name === 'msisdn' ? '15400000001' : '')))
}

const faults = (reading: RowReading) =>
  'problems' in reading ? reading.problems.map(({ fault, sentence }) => `${fault}: ${sentence}`) : []
const ACTIVE = { activated_on: '2024-03-01', service_until: '2027-01-31' }

test('a row is read whole, and its canonical form says the same of every way to write it', () => {
  const plain = { ...ACTIVE, iccid: '89860012345678901230', paid_balance: '49.80', owner: 'C-1' }
  const other = {
    ...{ ...plain, msisdn: '+86 154-0000-0001', iccid: '8986 0012 3456 7890 1230' },
    ...{ paid_balance: '49.8000', bonus_balance: '0' },
  }
  expect(read(plain)).toMatchObject({
    ...{ msisdn: '8615400000001', paidMinor: 4980n, bonusMinor: 0n, heldSince: parseDay('2024-03-01') },
    imported: '89860012345678901230,2024-03-01,2027-01-31,,,4980,0,,C-1',
    state: { standing: 'in-service', service: { anchor: parseDay('2027-01-31'), months: 0, days: 0 } },
  })
  expect(read(other)).toEqual(read(plain))
})

test('a line that never ends says so, and one that is not active yet has no clocks', () => {
  expect(read({ ...ACTIVE, service_until: 'Unlimited' })).toMatchObject({ state: { service: 'unlimited' } })
  expect(read({})).toMatchObject({ state: { standing: 'pre-active', service: null } })
})

test.each(presets.map((policy) => [policy.id, policy] as const))(
  'under %s the clock that leads cannot be forgotten',
  (_, policy) => {
    const column = `${policy.leadingClock}_until` as const
    expect(faults(read({ activated_on: '2024-03-01' }, policy))).toEqual([
      `missing: ${column} is empty, and ${policy.id} counts from it; unlimited if it never ends`,
    ])
    expect(faults(read({ activated_on: '2024-03-01', [column]: '2027-01-31' }, policy))).toEqual([])
  },
)

test.each([
  [{ ...ACTIVE, activated_on: '2026-11-23' }, 'date-order: activated_on 2026-11-23 is after today'],
  [
    { ...ACTIVE, service_until: '31.01.2027' },
    'date: service_until "31.01.2027" is not a date such as 2027-03-31',
  ],
  [{ service_until: '2027-01-31' }, 'clock: service_until is given, and activated_on is not'],
  [
    { iccid: '8986001234567890123F' },
    'iccid: iccid "8986001234567890123F" has a wrong check digit (ITU-T E.118)',
  ],
  [
    { iccid: '8.98600E+19' },
    'iccid: iccid "8.98600E+19" is not 18 to 22 digits; a spreadsheet has rounded it: keep the column as text',
  ],
  [
    { lots: 'bonus:500:2027-01-01' },
    'lot: lots "bonus:500:2027-01-01" is money with an end of its own: put it into the balance, it ends with credit_until',
  ],
  [{ lots: 'sms:5:2026-11-22' }, 'lot: lots "sms:5:2026-11-22" is over already'],
  [
    { lots: 'sms:0:2027-01-01' },
    'lot: lots "sms:0:2027-01-01" is not written kind:amount:until with a whole amount above zero',
  ],
  [
    { owner: 'a@b.example' },
    'owner: owner "a@b.example" is not a customer number: up to 64 letters, digits and . _ : / -',
  ],
] as const)('%j is told', (cells, problem) => {
  expect(faults(read(cells))).toEqual([problem])
})

test('a card of 19 digits with its filler passes by its check digit', () => {
  expect(read({ iccid: '8944501234567890124F' })).toMatchObject({ iccid: '8944501234567890124' })
})

test('where two rows differ is told by column', () => {
  const was = '8986,2024-03-01,2027-01-31,,,4980,0,,C-1'
  expect(differences(was, '8986,2024-03-01,2027-02-28,,,4980,0')).toBe(
    'service_until was 2027-01-31, is 2027-02-28; owner was C-1, is empty',
  )
  expect(differences(was, was)).toBe('')
})

test('a header names columns in either language, and says all that is wrong with it', () => {
  expect(readHeader(['号码', 'Paid Balance', 'line', 'reason'])).toEqual({
    at: new Map([
      ['msisdn', 0],
      ['paid_balance', 1],
    ]),
    fields: 4,
  })
  expect(readHeader(['iccid', 'ICCID', 'x'])).toEqual({
    problems: [
      'column 2 is iccid again',
      'column 3 is called "x", which is none of ours',
      'there is no column msisdn',
    ],
  })
})
