import { expect, test } from 'vitest'
import { priceTablePresets, readOfferCsv, readPriceTable } from './index.ts'

const HEADER =
  'kind,name_zh,name_en,term,list_price,price,bonus,voice_seconds,sms,data_bytes,roaming,months,days,recommended,on_sale_until,least,most,step'

const LAIKA = `${HEADER}
package,保号月包,Keep-number monthly,month,8,8.00,,1800,30,104857600,no,1,,no,,,,
package,境外漫游保号月包,Keep-number monthly with roaming,month,,28,,1200,20,314572800,是,1,,,,,,
package,保号季包,Keep-number quarterly,quarter,24,23,,5400,90,314572800,,3,,yes,,,,
package,保号年包,Keep-number yearly,year,96,88,,21600,360,1258291200,,12,,,,,,
denomination,30 元话费,CNY 30 credit,,,30,,,,,,,,,,,,
denomination,50 元话费,CNY 50 credit,,50,49.8,0,,,,,,,1,,,,
denomination,100 元话费,CNY 100 credit,,100,99.50,5,,,,,,,,,,,
denomination,200 元话费,CNY 200 credit,,200,199,12,,,,,,,,,,,
denomination,300 元话费,CNY 300 credit,,300,298,20,,,,,,,,,,,
denomination,500 元话费,CNY 500 credit,,500,495,40,,,,,,,,,,,
free-amount,自选金额,Any amount,,,,,,,,,,,,,10,500,1
`

const refusalOf = (text: string): readonly string[] => {
  try {
    readOfferCsv(text, 'CNY')
  } catch (error) {
    return (error as { members: { problems: readonly string[] } }).members.problems
  }
  return []
}

test('a sheet says what the JSON of the demo says', () => {
  const { json } = readOfferCsv(LAIKA, 'CNY')
  const validFrom = '2025-01-01'
  expect(readPriceTable({ ...json, validFrom })).toEqual(readPriceTable(priceTablePresets.laika))
})

test('columns stand in any order, and with a byte order mark, semicolons and CRLF', () => {
  const text = '\ufeffprice;kind;name_en;name_zh\r\n30;denomination;CNY 30 credit;30 元话费\r\n;;;\r\n'
  expect(readOfferCsv(text, 'CNY').json).toMatchObject({
    denominations: [{ faceMinor: '3000', priceMinor: '3000' }],
  })
})

test('the lines of offers are known, for what the table as a whole is told', () => {
  expect(readOfferCsv(LAIKA, 'CNY').lines.get('/denominations/1')).toBe(7)
  expect(readOfferCsv(LAIKA, 'CNY').lines.get('/freeAmount')).toBe(12)
})

test('all that is wrong is told at once, by line', () => {
  const text = `${HEADER}\ngift,a,b,,,,,,,,,,,,,,,\ndenomination,a,b,,,x,,,,,maybe,,,,,,,\npackage,a,b\n`
  expect(refusalOf(text)).toEqual([
    'line 2: kind is package, denomination or free-amount, not "gift"',
    'line 3: list_price "x" is not an amount such as 49.80',
    'line 3: price "x" is not an amount such as 49.80',
    'line 4: does not have the 18 fields of the header',
  ])
  expect(refusalOf('name,price\n')).toEqual([
    'line 1: there is no column "name"',
    'line 1: there is no column kind',
  ])
})
