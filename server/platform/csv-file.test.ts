import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { delimiterOf, detectEncoding, quoteField, readFileLines, splitRow } from './csv-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'baohao-csv-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const path = join(directory, 'file.csv')

test('what is quoted is read back, whatever it holds, blanks around it apart', () => {
  const field = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ' ').trim())
  fc.assert(
    fc.property(fc.array(field, { minLength: 1 }), fc.constantFrom(',', ';', '\t'), (fields, delimiter) => {
      const row = fields.map((text) => quoteField(text, delimiter)).join(delimiter)
      expect(splitRow(row, delimiter)).toEqual(fields)
    }),
  )
})

test.each(['a,"b', '"a"b,c', '"a""', '"'])(
  'a quote that is not closed, or closed inside a field, is told: %s',
  (row) => {
    expect(splitRow(row, ',')).toBeNull()
  },
)

test.each([
  ['a,b;c,d', ','],
  ['a;b,c;d', ';'],
  ['a\tb', '\t'],
  ['a', ','],
])('the delimiter of %j', (header, delimiter) => {
  expect(delimiterOf(header)).toBe(delimiter)
})

test('lines come whole, wherever the file is cut into chunks, with every end of line and without', async () => {
  // Characters of three bytes, so that chunks of a power of two cut some of them.
  const texts = Array.from({ length: 60_000 }, (_, i) => `${i},号码保留`)
  writeFileSync(path, `\ufeff${texts.join('\r\n')}`)
  expect(await detectEncoding(path)).toBe('utf-8')
  const read: string[] = []
  for await (const lines of readFileLines(path, 'utf-8')) read.push(...lines.texts)
  expect(read).toEqual(texts)
})

test('bytes that are no UTF-8 are GBK, however late they come', async () => {
  writeFileSync(path, Buffer.concat([Buffer.from('a,b\n'.repeat(100_000)), Buffer.from([0xba, 0xc5])]))
  expect(await detectEncoding(path)).toBe('gbk')
  let last = ''
  for await (const { texts } of readFileLines(path, 'gbk')) last = texts.at(-1) ?? last
  expect(last).toBe('号')
})
