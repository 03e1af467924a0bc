import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvStatementEn, csvStatementZh } from '../../sandbox/statement/bank-csv.ts'
import { type Booking, closingMinor } from '../../sandbox/statement/booking.ts'
import { camtNotice, camtStatement } from '../../sandbox/statement/camt.ts'
import { readCsvProfile } from './csv-profile.ts'
import { type AccountExpected, readStatement } from './read-statement.ts'

const cny = { holder: '莱卡通信有限公司', number: '0200049609200123456', currency: 'CNY' }
const gbp = { holder: 'Harbour Mobile Ltd', number: '12345678', sortCode: '20-00-00', currency: 'GBP' }
const expectedOf = (account: typeof cny | typeof gbp): AccountExpected => ({
  ...{ currency: account.currency, csvProfile: null },
  accounts: ['sortCode' in account ? `${account.sortCode}${account.number}` : account.number],
})
const read = (bytes: Buffer | string, expected = expectedOf(cny)) =>
  readStatement(Buffer.from(bytes), { name: 'the file', expected })
const options = { version: '08', id: 'M1', madeAt: '2026-11-23T01:00:00Z' } as const
const dates = { from: '2026-11-22', to: '2026-11-22' }

/** Words as people write them, without line breaks; as in every field of a file, blanks around them are nothing. */
const words = fc
  .string({ unit: fc.constantFrom(...'充值附言转账K7PM3RXW4 ,"&<>\'-/.：０９é'), maxLength: 160 })
  .map((text) => text.replaceAll(/\s+/g, ' ').trim())
const inGbk = words.map((text) => text.replaceAll('é', 'e'))
const bookingWith = (text: typeof words) =>
  fc.record({
    direction: fc.constantFrom('credit', 'debit') as fc.Arbitrary<Booking['direction']>,
    amountMinor: fc.bigInt({ min: 1n, max: 10n ** 11n }),
    day: fc.constantFrom('2026-11-20', '2026-11-21', '2026-11-22'),
    reversal: fc.constant(false),
    ...{ text, name: text, account: fc.stringMatching(/^\d{8,19}$/) },
  })
const daysOf = <A extends typeof cny | typeof gbp>(account: A, text = words) =>
  fc
    .tuple(
      fc.bigInt({ min: -(10n ** 9n), max: 10n ** 12n }),
      fc.array(bookingWith(text), { minLength: 1, maxLength: 12 }),
    )
    .map(([openingMinor, bookings]) => ({
      ...{ account, openingMinor },
      bookings: bookings.map((booking, i): Booking => ({ ...booking, reference: `B${i}-20261122` })),
    }))

const statedOf = (booking: Booking, remittance: string, currency: string) => ({
  ...{ reference: booking.reference, direction: booking.direction, reversal: booking.reversal, currency },
  ...{ amountMinor: booking.amountMinor, bookedOn: booking.day, remittance },
  ...{ otherName: booking.name || null, otherAccount: booking.account },
})
/** As camt cuts what is longer than 140 signs, and its reader joins it. */
const camtText = (text: string) =>
  (text.match(/[\s\S]{1,140}/gu) ?? [])
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ')

describe('what the sandbox writes is read back exactly', () => {
  test.each(['02', '04', '06', '08'] as const)('camt.053.001.%s', async (version) => {
    await fc.assert(
      fc.asyncProperty(daysOf(cny), async (day) => {
        const file = await read(camtStatement(day, dates, { ...options, version }))
        expect(file).toMatchObject({
          format: 'camt.053',
          statements: [
            {
              ...{ account: cny.number, currency: 'CNY' },
              balances: { openingMinor: day.openingMinor, closingMinor: closingMinor(day) },
            },
          ],
        })
        expect(file.statements[0]?.entries).toEqual(
          day.bookings.map((b) => ({ ...statedOf(b, camtText(b.text), 'CNY'), valueOn: b.day })),
        )
      }),
      { numRuns: 40 },
    )
  })

  test('camt.054, which has no balances', async () => {
    await fc.assert(
      fc.asyncProperty(daysOf(gbp), async ({ account, bookings }) => {
        const file = await read(camtNotice(account, bookings, options), expectedOf(gbp))
        expect(file).toMatchObject({ format: 'camt.054', statements: [{ balances: null }] })
        expect(file.statements[0]?.entries).toEqual(
          bookings.map((b) => ({ ...statedOf(b, camtText(b.text), 'GBP'), valueOn: b.day })),
        )
      }),
      { numRuns: 40 },
    )
  })

  test.each(['utf-8', 'utf-8-bom', 'gbk'] as const)('CSV of a Chinese bank in %s', async (encoding) => {
    await fc.assert(
      fc.asyncProperty(daysOf(cny, inGbk), async (day) => {
        const file = await read(csvStatementZh(day, encoding))
        expect(file.statements).toEqual([
          {
            ...{ account: cny.number, currency: 'CNY' },
            balances: { openingMinor: day.openingMinor, closingMinor: closingMinor(day) },
            entries: day.bookings.map((b) => ({
              ...statedOf(b, [...new Set([b.text, '转账'])].filter((part) => part !== '').join(' '), 'CNY'),
              valueOn: null,
            })),
          },
        ])
      }),
      { numRuns: 40 },
    )
  })

  test('CSV of a British bank, the newest first', async () => {
    await fc.assert(
      fc.asyncProperty(daysOf(gbp), async (day) => {
        const file = await read(csvStatementEn(day, 'utf-8'), expectedOf(gbp))
        expect(file.statements[0]?.entries).toEqual(
          day.bookings.map((b) => ({
            ...statedOf(b, [b.text, 'Faster payment'].filter((part) => part !== '').join(' '), 'GBP'),
            valueOn: null,
          })),
        )
      }),
      { numRuns: 40 },
    )
  })
})

const booking = (n: number, more: Partial<Booking> = {}): Booking => ({
  ...{ reference: `B${n}`, direction: 'credit', reversal: false, amountMinor: 4980n, day: '2026-11-22' },
  ...{ text: 'K7PM3RXW4', name: '张三', account: '6222020200112233445' },
  ...more,
})
const day = {
  account: cny,
  openingMinor: 100_00n,
  bookings: [booking(1), booking(2, { direction: 'debit' })],
}
const camt = camtStatement(day, dates, options)
const csv = csvStatementZh(day, 'utf-8').toString()

describe('camt as banks write it', () => {
  const withEntry = (ntry: string) =>
    camt
      .replace(/<Ntry>[\s\S]*<\/Ntry>/, ntry)
      .replace(
        '<Amt Ccy="CNY">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-22</Dt></Dt></Bal>\n<Bal><Tp><CdOrPrtry><Cd>CLBD',
        '<Amt Ccy="CNY">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-22</Dt></Dt></Bal>\n<Bal><Tp><CdOrPrtry><Cd>CLBD',
      )
  const head = (sum: string) =>
    `<Ntry><Amt Ccy="CNY">${sum}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>2026-11-22T09:30:00+08:00</DtTm></BookgDt><AcctSvcrRef>BATCH</AcctSvcrRef>`
  const detail = (sum: string, text: string) =>
    `<TxDtls><Refs><EndToEndId>E2E</EndToEndId></Refs><Amt Ccy="CNY">${sum}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RmtInf><Strd><CdtrRefInf><Ref>${text}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>`
  const entriesOf = async (xml: string) => (await read(xml)).statements[0]?.entries

  test('a batch is its parts, each by the batch’s reference and its place', async () => {
    const xml = withEntry(
      `${head('100.00')}<NtryDtls>${detail('60.00', 'one')}${detail('40.00', 'two')}</NtryDtls></Ntry>`,
    )
    expect(await entriesOf(xml)).toMatchObject([
      {
        reference: 'BATCH/1',
        amountMinor: 6000n,
        remittance: 'one E2E',
        bookedOn: '2026-11-22',
        valueOn: null,
      },
      { reference: 'BATCH/2', amountMinor: 4000n, remittance: 'two E2E' },
    ])
  })

  test('details that do not come to the entry leave it whole', async () => {
    const xml = withEntry(
      `${head('100.00')}<NtryDtls>${detail('60.00', 'one')}${detail('30.00', 'two')}</NtryDtls></Ntry>`,
    )
    expect(await entriesOf(xml)).toMatchObject([
      { reference: 'BATCH', amountMinor: 10000n, remittance: 'one E2E two E2E' },
    ])
  })

  test('what is not booked yet is no entry', async () => {
    const pending = camt.replace(/<Ntry>/, `${head('1.00').replace('BOOK', 'PDNG')}</Ntry><Ntry>`)
    expect(await entriesOf(pending)).toHaveLength(2)
  })

  test('a reversal is what it does to the account', async () => {
    const taken = { ...day, bookings: [booking(1), booking(2, { direction: 'debit', reversal: true })] }
    expect(await entriesOf(camtStatement(taken, dates, options))).toMatchObject([
      { reversal: false },
      { direction: 'debit', reversal: true },
    ])
  })

  test('a prefix, a comment and CDATA change nothing', async () => {
    const prefixed = camt
      .replaceAll(/<(\/?)([A-Z])/g, '<$1c:$2')
      .replace('xmlns=', 'xmlns:c=')
      .replace('K7PM3RXW4', '<!-- --><![CDATA[K7PM3RXW4]]>')
    expect(await entriesOf(prefixed)).toEqual(await entriesOf(camt))
  })
})

describe('a file is refused with a sentence when', () => {
  const wrong: readonly [string, string, RegExp][] = [
    [
      'it has a document type',
      camt.replace('<Document', '<!DOCTYPE Document [<!ENTITY x "y">]><Document'),
      /document type/,
    ],
    ['it names an entity', camt.replace('K7PM3RXW4', '&copy;'), /not well-formed.*entity/i],
    ['it is cut off', camt.slice(0, 900), /not well-formed|ends too early/],
    ['it is another message', camt.replace('camt.053.001.08', 'pain.001.001.03'), /no camt\.053/],
    ['it is of a version to come', camt.replace('camt.053.001.08', 'camt.053.001.12'), /no camt\.053/],
    [
      'an entry is missing',
      camt.replace(/<Ntry>[\s\S]*?<\/Ntry>/, ''),
      /opens at 100\.00 and closes at 100\.00, but by its entries it would close at 50\.20/,
    ],
    [
      'an amount is wrong',
      camt.replace('>49.80<', '>49.8O<'),
      /1\. entry of the file \(line \d+\) has no amount/,
    ],
    [
      'an entry has no reference',
      camt.replaceAll(/<AcctSvcrRef>B1<\/AcctSvcrRef>/g, ''),
      /no reference of the bank/,
    ],
    [
      'a reference is there twice',
      camt.replaceAll('>B2<', '>B1<').replaceAll('DBIT', 'CRDT'),
      /but by its entries|two entries/,
    ],
    [
      'it is of another account',
      camt.replace(cny.number, '0200049609200999999'),
      /is of the account 0200049609200999999/,
    ],
    ['it is in another currency', camt.replaceAll('CNY', 'USD'), /is in USD/],
    ['it states no closing balance', camt.replace('CLBD', 'CLAV'), /CLBD/],
    ['CSV lacks a column', csv.replace('流水号', '编号'), /no heading/],
    [
      'a line has too few fields',
      csv.replace(',转账,K7PM3RXW4', ',转账'),
      /Line 4 .*8 fields, the heading 9/,
    ],
    ['a quote is not closed', csv.replace('张三', '"张三'), /Line 4 .*quote/],
    ['a date is none', csv.replace('20261122,B1', '20261131,B1'), /Line 4 .*"20261131" is no date/],
    ['an amount is none', csv.replace('B1,49.80', 'B1,4980分'), /Line 4 .*is no amount/],
    ['an amount is finer than the currency', csv.replace('B1,49.80', 'B1,49.805'), /Line 4 .*is no amount/],
    ['an amount is grouped wrongly', csv.replace('B1,49.80', 'B1,"4,9.80"'), /Line 4 .*is no amount/],
    [
      'both sides have an amount',
      csv.replace('B1,49.80,', 'B1,49.80,49.80'),
      /Line 4 .*neither a credit nor a debit, or both/,
    ],
    ['a line is missing', csvOfThree().replace(/.*B2.*\r\n/, ''), /Line 5 .*balance/],
    ['a line is empty', csv.replace('\r\n2026', '\r\n\r\n2026'), /Line 4 .*empty/],
    ['something follows the totals', `${csv}20261122,B9\r\n`, /Line 7 .*after/],
    ['CSV is of another account', csv.replace(cny.number, '123'), /is of the account 123/],
  ]
  test.each(wrong)('%s', async (_, text, sentence) => {
    await expect(read(text)).rejects.toThrow(sentence)
  })

  test('its bytes are neither UTF-8 nor GBK', async () => {
    await expect(read(Buffer.concat([Buffer.from(csv), Buffer.from([0xff, 0xff])]))).rejects.toThrow(
      'no utf-8 and no gbk',
    )
  })
})

function csvOfThree(): string {
  return csvStatementZh({ ...day, bookings: [1, 2, 3].map((n) => booking(n)) }, 'utf-8').toString()
}

test('an account is known by the IBAN that ends with sort code and number, and by no other', async () => {
  const asIban = (number: string) =>
    read(
      camtStatement({ ...day, account: { ...gbp, number }, bookings: [booking(1)] }, dates, options),
      expectedOf(gbp),
    )
  expect((await asIban('GB29NWBK20000012345678')).statements).toHaveLength(1)
  await expect(asIban('GB29NWBK20000112345678')).rejects.toThrow('is of the account')
  const short = { ...expectedOf(gbp), accounts: ['12345678'] }
  const other = camtStatement(
    { ...day, account: { ...gbp, number: 'GB29NWBK20000112345678' }, bookings: [booking(1)] },
    dates,
    options,
  )
  await expect(read(other, short)).rejects.toThrow('is of the account')
})

test('a profile of the operator’s own', async () => {
  const profile = readCsvProfile({
    columns: { reference: 'Id', bookedOn: 'Day', amount: 'Sum', balance: 'Left', remittance: ['Text'] },
    ...{ dates: 'YYYY-MM-DD', order: 'oldest-first' },
  })
  const file = await readStatement(
    Buffer.from('Day;Id;Sum;Left;Text\n2026-11-22;a;"-1,234.56";0.00;"x ""y""; z"\n'),
    { name: 'f', expected: { currency: 'GBP', accounts: ['1'], csvProfile: profile } },
  )
  expect(file.statements[0]).toMatchObject({
    balances: { openingMinor: 123456n, closingMinor: 0n },
    entries: [{ reference: 'a', direction: 'debit', amountMinor: 123456n, remittance: 'x "y"; z' }],
  })
  expect(() => readCsvProfile({ columns: {} })).toThrow('the CSV profile is wrong')
})
