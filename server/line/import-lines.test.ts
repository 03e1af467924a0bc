import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { everyCheck, fsck } from '../fsck.ts'
import { openBooks } from '../new-brand.ts'
import { presetOf } from '../policy/index.ts'
import { type ImportReport, importLines, type RejectedRow } from './import-lines.ts'

const database = await testDatabase()
const { db, clock, brands, owner } = database
const brand = brands.get('laika')
const policy = presetOf(brand.policy.preset, brand.policy.version)
await openBooks(db, clock, brand)
const directory = mkdtempSync(join(tmpdir(), 'baohao-import-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const HEADER = 'msisdn,iccid,activated_on,service_until,paid_balance,bonus_balance,lots,owner'
let files = 0

interface Imported {
  readonly report: ImportReport
  readonly rejected: readonly RejectedRow[]
}

/** Imports these bytes or rows as a file of its own. */
async function imported(rows: readonly string[] | Buffer, dryRun = false): Promise<Imported> {
  const path = join(directory, `${files++}.csv`)
  writeFileSync(path, Buffer.isBuffer(rows) ? rows : `${rows.join('\n')}\n`)
  const rejected: RejectedRow[] = []
  const report = await importLines(
    { db: db.of('laika'), clock, brand, policy },
    {
      ...{ path, dryRun, actor: 'operator test' },
      onHeader: async () => undefined,
      onRejected: async (more) => void rejected.push(...more),
      onProgress: () => undefined,
    },
  )
  return { report, rejected }
}

async function proved(): Promise<void> {
  const checks = everyCheck({ clock, brands, policyOf: presetOf })
  expect(await fsck(db, ['laika'], checks)).toEqual([])
}

const count = async (table: string) =>
  (await owner.query(`select count(*)::int as n from laika.${table}`)).rows[0].n as number

const number = (i: number) => `154${String(i).padStart(8, '0')}`
const card = (i: number) => `8986${String(i).padStart(16, '0')}`

test('a line comes with its SIM, owner, clocks, balances and allowances, and an opening entry for them', async () => {
  const { report } = await imported([
    HEADER,
    '154 0000 0001,8986 0000 0000 0000 0001,2024-03-01,2027-01-31,49.8,5.00,data-bytes:1048576:2027-01-01|sms:30:2026-12-31,C-1',
    '15400000002,,,,,,,C-1',
  ])
  expect(report).toMatchObject({ opened: 2, already: 0, rejected: 0, paidMinor: 4980n, bonusMinor: 500n })
  expect([...report.stages]).toEqual([
    ['active', 1],
    ['pre-active', 1],
  ])
  const { rows } = await owner.query(
    `select l.msisdn, l.iccid, o.from_day::text, s.reference, c.standing, c.service_anchor::text, a.balance::text, a.paid::text,
            a.bonus::text, a.paid_cost::text, e.cause is not null as caused,
            (select string_agg(kind || ' ' || remaining || ' ' || until, ',' order by kind) from laika.lot where line = l.id) as lots,
            (select string_agg(t.amount::text, ',' order by t.id) from laika.transfer t where t.cause = e.id and t.posting = 'line-opening') as opened
       from laika.line l join laika.ownership o on o.line = l.id join laika.line_clock c on c.line = l.id
       join laika.line_account a on a.line = l.id join laika.line_event e on e.line = l.id
       left join laika.subscriber s on s.id = o.subscriber order by l.msisdn`,
  )
  expect(rows).toEqual([
    {
      ...{ msisdn: '8615400000001', iccid: '89860000000000000001', from_day: '2024-03-01', reference: 'C-1' },
      ...{
        standing: 'in-service',
        service_anchor: '2027-01-31',
        balance: '5480',
        paid: '4980',
        bonus: '500',
      },
      ...{ paid_cost: '4980', caused: true, opened: '4980,500' },
      lots: 'data-bytes 1048576 2027-01-01,sms 30 2026-12-31',
    },
    {
      ...{ msisdn: '8615400000002', iccid: null, from_day: '2026-11-22', reference: 'C-1' },
      ...{ standing: 'pre-active', service_anchor: null, balance: '0', paid: '0', bonus: '0' },
      ...{ paid_cost: '0', caused: true, opened: null, lots: null },
    },
  ])
  expect(await count('subscriber')).toBe(1)
  await proved()
})

// One in a hundred rows is spoiled, in one of these ways; what the good row was is put in for {number} and {card}.
const SPOILED = [
  [
    'fields',
    '{number},{card},2024-01-01,2027-01-01,1.00,,,,,',
    'the row has 10 fields where the header has 8',
  ],
  ['quote', '{number},"{card},2024-01-01,2027-01-01,1.00,,,', 'a quote is opened and not closed'],
  ['missing', ',{card},2024-01-01,2027-01-01,1.00,,,', 'msisdn is empty'],
  ['number', '1.54E+10,{card},2024-01-01,2027-01-01,1.00,,,', 'a spreadsheet has rounded it'],
  ['not-in-plan', '13800138000,{card},2024-01-01,2027-01-01,1.00,,,', 'not in the number plan of laika'],
  ['iccid', '{number},8986001234567890123,2024-01-01,2027-01-01,1.00,,,', 'wrong check digit'],
  ['date', '{number},{card},2024-02-30,2027-01-01,1.00,,,', 'activated_on "2024-02-30" is not a date'],
  ['date-order', '{number},{card},2024-01-01,2023-12-31,1.00,,,', 'service_until is before activated_on'],
  ['clock', '{number},{card},,2027-01-01,1.00,,,', 'service_until is given, and activated_on is not'],
  ['amount', '{number},{card},2024-01-01,2027-01-01,-1.00,,,', 'is below zero'],
  ['amount', '{number},{card},2024-01-01,2027-01-01,1.001,,,', 'more exact than CNY can be'],
  ['lot', '{number},{card},2024-01-01,2027-01-01,1.00,,minutes:5:2027-01-01,', 'is of no kind that there is'],
  ['owner', '{number},{card},2024-01-01,2027-01-01,1.00,,,Zhang San', 'is not a customer number'],
  ['twice-in-file', '15400010001,{card},2024-01-01,2027-01-01,1.00,,,', 'stands in line 3 already'],
] as const

const ROWS = 100 * SPOILED.length * 3
const spoiledFile = [
  HEADER,
  ...Array.from({ length: ROWS }, (_, i) => {
    const spoiled = i % 100 === 99 ? SPOILED[Math.floor(i / 100) % SPOILED.length]?.[1] : undefined
    const row = spoiled ?? '{number},{card},2024-01-01,2027-01-01,{i}.25,,,C{i}'
    return row
      .replace('{number}', number(10_000 + i))
      .replace('{card}', card(10_000 + i))
      .replaceAll('{i}', String(i % 500))
  }),
]

describe('a file with one bad row in a hundred', () => {
  test('tells each bad row by its line and what is wrong, and keeps the good ones', async () => {
    const { report, rejected } = await imported(spoiledFile)
    expect(report).toMatchObject({ rows: ROWS, opened: ROWS * 0.99, already: 0, rejected: ROWS / 100 })
    expect(rejected.map(({ line }) => line)).toEqual(
      Array.from({ length: ROWS / 100 }, (_, i) => i * 100 + 101),
    )
    for (const [i, row] of rejected.entries()) {
      const [fault, , sentence] = SPOILED[i % SPOILED.length] as (typeof SPOILED)[number]
      expect(row.text).toBe(spoiledFile[row.line - 1])
      expect(row.problems).toEqual([{ fault, sentence: expect.stringContaining(sentence) }])
    }
    expect(new Set(report.faults.keys())).toEqual(new Set(SPOILED.map(([fault]) => fault)))
    await proved()
  })

  test('is counted as there when it comes again, and writes nothing', async () => {
    const before = [await count('line'), await count('transfer'), await count('line_event')]
    const { report, rejected } = await imported(spoiledFile)
    expect(report).toMatchObject({ opened: 0, already: ROWS * 0.99, rejected: ROWS / 100, paidMinor: 0n })
    expect(rejected).toHaveLength(ROWS / 100)
    expect([await count('line'), await count('transfer'), await count('line_event')]).toEqual(before)
  })
})

test('a row that says other facts than before is rejected with what differs', async () => {
  const row = (until: string, paid: string, owned: string) =>
    `15400000003,,2024-01-01,${until},${paid},,,${owned}`
  await imported([HEADER, row('2027-01-01', '10', 'C-9')])
  const { report, rejected } = await imported([HEADER, row('2027-02-01', '12.50', 'C-9')])
  expect(report).toMatchObject({ opened: 0, already: 0, rejected: 1 })
  expect(rejected[0]?.problems).toEqual([
    {
      fault: 'there-with-other-facts',
      sentence:
        'imported before with other facts: service_until was 2027-01-01, is 2027-02-01; paid_balance was 1000, is 1250',
    },
  ])
})

test('the SIM of another line is rejected', async () => {
  await imported([HEADER, `15400000004,${card(4)},,,,,,`])
  const { rejected } = await imported([HEADER, `15400000005,${card(4)},,,,,,`])
  expect(rejected[0]?.problems[0]?.sentence).toBe(`iccid ${card(4)} is the SIM of 8615400000004`)
})

test('a dry run says the same and writes nothing', async () => {
  const before = [await count('line'), await count('audit')]
  const { report } = await imported([HEADER, '15400000006,,2024-01-01,2027-01-01,1,,,', '1,,,,,,,'], true)
  expect(report).toMatchObject({ opened: 1, rejected: 1, paidMinor: 100n })
  expect([await count('line'), await count('audit')]).toEqual(before)
})

test('all problems of a row are told at once', async () => {
  const { rejected } = await imported([HEADER, '1,2,3,4,5x,-6,7,8 9'])
  expect(rejected[0]?.problems.map(({ fault }) => fault)).toEqual([
    ...['number', 'iccid', 'date', 'date', 'amount', 'amount', 'lot', 'owner'],
  ])
})

test.each([
  ['GBK with Chinese names', Buffer.concat([gbk(), Buffer.from(',ICCID\n15400000010,\n')]), 'gbk'],
  [
    'a byte order mark, semicolons, quotes and CRLF',
    Buffer.from('\ufeff"msisdn";"owner"\r\n"154 0000 0011";"C-""1"\r\n15400000012;C-2\r\n;\r\n'),
    'utf-8',
  ],
  ['tabs and no end of the last line', Buffer.from('号码\t客户编号\n15400000013\tC-2'), 'utf-8'],
] as const)('%s can be read', async (_, bytes, encoding) => {
  const { report } = await imported(bytes)
  expect(report).toMatchObject({ encoding, opened: 1 })
})

/** 号码 in GBK (GB/T 2312). */
function gbk(): Buffer {
  return Buffer.from([0xba, 0xc5, 0xc2, 0xeb])
}

test.each([
  ['', 'is empty'],
  ['number,name\n1,2\n', 'column 1 is called "number", which is none of ours'],
  ['\xff\xfem', 'is UTF-16'],
])('a file that cannot be read as a whole says why: %j', async (text, sentence) => {
  await expect(imported(Buffer.from(text, 'latin1'))).rejects.toThrow(sentence)
})

test('a number that comes from elsewhere at the same moment is left to whoever was first', async () => {
  const first = new pg.Client({ connectionString: database.ownerUrl })
  await first.connect()
  try {
    await first.query('begin')
    await first.query(
      `insert into laika.line (id, msisdn, created_at) values (gen_random_uuid(), '8615400000020', now())`,
    )
    const importing = imported([HEADER, '15400000020,,,,,,,', '15400000021,,,,,,,'])
    const { pid } = (await first.query('select pg_backend_pid() as pid')).rows[0]
    const waiting = 'select from pg_locks where not granted and $1 = any(pg_blocking_pids(pid))'
    while ((await owner.query(waiting, [pid])).rows.length === 0);
    await first.query('commit')
    const { report, rejected } = await importing
    expect(report).toMatchObject({ opened: 1, rejected: 1 })
    expect(rejected[0]?.problems[0]?.sentence).toBe(
      'msisdn 8615400000020 is a line already that was not imported',
    )
  } finally {
    await first.end()
  }
  await owner.query(`delete from laika.line where msisdn = '8615400000020'`)
})

test('the audit says who imported what, and how it ended', async () => {
  const { report } = await imported([HEADER, '15400000030,,,,,,,'])
  const { rows } = await owner.query(
    'select actor, act, detail from laika.audit where subject = $1 order by id',
    [report.id],
  )
  expect(rows).toEqual([
    {
      actor: 'operator test',
      act: 'line import begun',
      detail: { file: expect.stringMatching(/^\d+\.csv$/) },
    },
    { actor: 'operator test', act: 'line import ended', detail: { opened: 1, already: 0, rejected: 0 } },
  ])
  await proved()
})
