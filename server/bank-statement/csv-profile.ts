import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

const column = Type.String({ minLength: 1 })

/**
 * How a bank writes an account's bookings as CSV: which of its columns is what. Columns are named as their heading names them; lines above
 * the heading are taken for a preamble.
 */
export const CsvProfile = Type.Object(
  {
    columns: Type.Object(
      {
        /** The bank's own number of a booking, unlike any other of the account. */
        reference: column,
        bookedOn: column,
        valueOn: Type.Optional(column),
        /** What came in and what went out, in two columns of which one is empty or zero, or in one with a sign. */
        credit: Type.Optional(column),
        debit: Type.Optional(column),
        amount: Type.Optional(column),
        /** What the account held after the booking. */
        balance: column,
        /** Whatever the payer may have written in, in this order. */
        remittance: Type.Array(column, { minItems: 1 }),
        otherName: Type.Optional(column),
        otherAccount: Type.Optional(column),
        /** Where each row says whose it is and in what currency. */
        account: Type.Optional(column),
        currency: Type.Optional(column),
      },
      { additionalProperties: false },
    ),
    /** What stands before the account's number and the currency in the preamble. */
    preamble: Type.Optional(
      Type.Object(
        { account: Type.Optional(column), currency: Type.Optional(column) },
        { additionalProperties: false },
      ),
    ),
    dates: Type.Union([
      Type.Literal('YYYY-MM-DD'),
      Type.Literal('YYYYMMDD'),
      Type.Literal('YYYY/MM/DD'),
      Type.Literal('DD/MM/YYYY'),
      Type.Literal('DD.MM.YYYY'),
    ]),
    order: Type.Union([Type.Literal('oldest-first'), Type.Literal('newest-first')]),
    /** What a row begins with that ends the bookings, such as a line of totals. */
    end: Type.Optional(column),
  },
  { additionalProperties: false },
)
export type CsvProfile = Static<typeof CsvProfile>

/** Profiles that need no file of the operator's: a plain one in each language. */
export const csvProfiles: Readonly<Record<'plain-zh' | 'plain-en', CsvProfile>> = {
  'plain-zh': {
    columns: {
      ...{ reference: '流水号', bookedOn: '交易日期', credit: '收入', debit: '支出', balance: '余额' },
      ...{ remittance: ['附言', '摘要'], otherName: '对方户名', otherAccount: '对方账号' },
    },
    preamble: { account: '账号', currency: '币种' },
    dates: 'YYYYMMDD',
    order: 'oldest-first',
    end: '合计',
  },
  'plain-en': {
    columns: {
      ...{ reference: 'Transaction ID', bookedOn: 'Date', credit: 'Paid in', debit: 'Paid out' },
      ...{ balance: 'Balance', remittance: ['Reference', 'Description'], otherName: 'Counterparty' },
      ...{ otherAccount: 'Counterparty account', account: 'Account', currency: 'Currency' },
    },
    dates: 'DD/MM/YYYY',
    order: 'newest-first',
  },
}

/** A profile from a file or a setting; throws, naming what is wrong with it. */
export function readCsvProfile(value: unknown): CsvProfile {
  if (!Value.Check(CsvProfile, value)) {
    const problems = Value.Errors(CsvProfile, value).map((e) => `${e.instancePath || '/'} ${e.message}`)
    throw new Error(`the CSV profile is wrong: ${problems.join('; ')}`)
  }
  const { credit, debit, amount } = value.columns
  if ((amount === undefined) === (credit === undefined || debit === undefined))
    throw new Error('the CSV profile names either "amount", or "credit" and "debit"')
  return value
}
