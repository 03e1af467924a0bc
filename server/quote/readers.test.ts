import { describe, expect, it } from 'vitest'
import { parseDay } from '../policy/index.ts'
import { readRates } from './import-rates.ts'
import { ecbFile } from './rates-fixture.ts'

const read = (text: string) => readRates(Buffer.from(text), null)
const csv = (text: string) => readRates(Buffer.from(text), 'Acquirer')

describe('a file of the European Central Bank', () => {
  it('is read with its day and who publishes it', () => {
    expect(read(ecbFile('2026-11-20', { USD: '1.1520', GBP: '0.87983', CNY: '8.1847' }))).toEqual(
      [
        ['USD', '1.1520'],
        ['GBP', '0.87983'],
        ['CNY', '8.1847'],
      ].map(([currency, value]) => ({
        ...{ kind: 'reference', source: 'European Central Bank', base: 'EUR', currency, value },
        ...{ day: parseDay('2026-11-20'), sinceMs: Date.UTC(2026, 10, 20, 15), untilMs: null },
      })),
    )
  })

  it('may hold many days', () => {
    const two = ecbFile('2026-11-20', { GBP: '0.88' }).replace(
      '<Cube time',
      '<Cube time="2026-11-19"><Cube currency="GBP" rate="0.87"/></Cube><Cube time',
    )
    expect(read(two).map(({ value }) => value)).toEqual(['0.87', '0.88'])
  })

  const whole = ecbFile('2026-11-20', { GBP: '0.88', CNY: '8.1' })
  it.each([
    ['a document type', whole.replace('<gesmes:Env', '<!DOCTYPE x [<!ENTITY a "b">]><gesmes:Env')],
    ['an entity', whole.replace('European Central Bank', 'European &amp; Bank')],
    ['an entity in a value', whole.replace('0.88', '0.8&#56;')],
    ['a comment', whole.replace('<Cube>', '<!-- x --><Cube>')],
    ['character data', whole.replace('<Cube>', '<![CDATA[x]]><Cube>')],
    ['another instruction', whole.replace('<Cube>', '<?php x?><Cube>')],
    ['text between rates', whole.replace('<Cube>', '<Cube>x')],
    ['an unknown element', whole.replace('<Cube>', '<b></b><Cube>')],
    ['a currency twice', whole.replace('"CNY"', '"GBP"').replace("'CNY'", "'GBP'")],
    ['the euro in itself', whole.replace(/(["'])CNY\1/, '"EUR"')],
    ['a rate of zero', whole.replace('0.88', '0.00')],
    ['a rate that is none', whole.replace('0.88', '1e5')],
    ['a day that does not exist', whole.replace('2026-11-20', '2026-02-30')],
    ['a day twice', whole.replace('</Cube>\n</Cube>', "</Cube><Cube time='2026-11-20'></Cube></Cube>")],
    ['no rate', whole.replaceAll(/<Cube currency[^>]*>/g, '')],
    ['no name', whole.replace('European Central Bank', ' ')],
    ['an end that is missing', whole.slice(0, -20)],
    ['something after the end', `${whole}<Cube/>`],
    ['an attribute too many', whole.replace("rate='0.88'", "rate='0.88' x='1'")],
    ['an attribute twice', whole.replace("rate='0.88'", "rate='0.88' rate='0.99'")],
    ['nothing', ''],
    ['no XML', 'base,currency,rate'],
    ['more than a megabyte', `${whole}${' '.repeat(1 << 20)}`],
  ])('with %s is refused', (_, text) => {
    expect(text).not.toBe(whole)
    expect(() => read(text)).toThrow(/expected|at most|holds no/)
  })

  it('that is cut off anywhere is refused', () => {
    for (let length = 0; length < whole.trimEnd().length; length++)
      expect(() => read(whole.slice(0, length)), `${length}`).toThrow()
  })

  it('that is not UTF-8 is refused', () => {
    expect(() => readRates(Buffer.from([0x3c, 0xff]), null)).toThrow('not UTF-8')
  })
})

describe('an acquirer’s file', () => {
  const header = 'base,currency,rate,from,until\n'

  it('is read in any order of columns, with the time it stands for', () => {
    const text =
      '\uFEFFrate;base;currency;until;from\r\n9.21;GBP;CNY;2026-11-24T00:00:00+08:00;2026-11-23T00:00:00+08:00\r\n'
    expect(csv(text)).toEqual([
      {
        ...{ kind: 'dealing', source: 'Acquirer', base: 'GBP', currency: 'CNY', value: '9.21' },
        ...{
          day: parseDay('2026-11-22'),
          sinceMs: Date.UTC(2026, 10, 22, 16),
          untilMs: Date.UTC(2026, 10, 23, 16),
        },
      },
    ])
  })

  it.each([
    ['a column is missing', 'base,currency,rate,from\n', 1],
    ['a field is missing', `${header}GBP,CNY,9.2,2026-11-23T00:00:00Z\n`, 2],
    ['a currency is the base', `${header}GBP,GBP,9.2,2026-11-23T00:00:00Z,2026-11-24T00:00:00Z\n`, 2],
    ['a rate is none', `${header}GBP,CNY,0,2026-11-23T00:00:00Z,2026-11-24T00:00:00Z\n`, 2],
    ['an instant has no zone', `${header}GBP,CNY,9.2,2026-11-23T00:00:00,2026-11-24T00:00:00Z\n`, 2],
    ['it ends before it begins', `${header}GBP,CNY,9.2,2026-11-24T00:00:00Z,2026-11-23T00:00:00Z\n`, 2],
  ])('is refused where %s', (_, text, line) => {
    expect(() => csv(text)).toThrow(`Line ${line}: `)
  })
})
