import { describe, expect, test } from 'vitest'
import { referenceOf } from '../payment/index.ts'
import type { Reason, StatedEntry } from './entry.ts'
import { type Awaited, type Books, judge, type RefundDue, type RefundMade } from './match.ts'
import { suggest } from './suggest.ts'

const awaitedOf = (name: string, more: Partial<Awaited> = {}): Awaited => ({
  ...{ reference: referenceOf(name), attempt: `attempt ${name}`, order: `order ${name}` },
  ...{ amountMinor: 4980n, payable: true },
  ...more,
})
const one = awaitedOf('one')
const two = awaitedOf('two', { amountMinor: 3000n })
const over = awaitedOf('over', { payable: false })
const due: RefundDue = {
  ...{ refund: 'refund', attempt: 'attempt paid', number: '01JD9Z3K6N8Q4W2V7X5Y0ABCDE', amountMinor: 4980n },
  ...{ reference: referenceOf('01JD9Z3K6N8Q4W2V7X5Y0ABCDE'), transaction: 'T1' },
}
const sent = '01JD9Z3K6N8Q4W2V7X5Y0ABCDF'
const made: RefundMade = {
  ...{ refund: 'refund made', attempt: 'attempt given back', number: sent, reference: referenceOf(sent) },
  ...{ transaction: 'T2', amountMinor: 4980n, debit: 'OUT-9' },
}
const books: Books = {
  awaited: new Map([one, two, over].map((each) => [each.reference, each])),
  refunds: [due],
  returns: [{ returnReference: 'BACK-1', amountMinor: 700n }],
  made: [made],
  takenBack: [{ remittance: 'REVERSAL OF E-17, recalled', amountMinor: 4980n }],
}
let entries = 0
const entry = (remittance: string, more: Partial<StatedEntry> = {}): StatedEntry => ({
  ...{
    reference: `B${entries++}`,
    direction: 'credit',
    reversal: false,
    amountMinor: 4980n,
    currency: 'CNY',
  },
  ...{ bookedOn: '2026-11-22', valueOn: null, remittance, otherName: null, otherAccount: null },
  ...more,
})
const unknown = referenceOf('nobody')
const debit = { direction: 'debit' } as const
const grouped = one.reference.replaceAll(/(...)(?=.)/g, '$1 ').toLowerCase()

describe('a credit', () => {
  test.each([
    ['with the reference and the amount', entry(`充值 ${one.reference}`)],
    ['with the reference in groups and small letters', entry(grouped)],
    ['with the reference twice', entry(`${one.reference} ${one.reference}`)],
  ])('%s pays its order', (_, given) => {
    expect(judge([given], books)).toEqual([{ kind: 'pays', awaited: one }])
  })

  const open: readonly [string, StatedEntry, Reason, string | null][] = [
    ['without any reference', entry('房租 11 月'), 'no-reference', null],
    ['without a word', entry(''), 'no-reference', null],
    ['with a reference that nobody has', entry(unknown), 'reference-unknown', null],
    [
      'with one sign wrong',
      entry(`${one.reference.slice(0, 8)}${one.reference.endsWith('2') ? '3' : '2'}`),
      'reference-unknown',
      null,
    ],
    ['with references of two orders', entry(`${one.reference} ${two.reference}`), 'several-references', null],
    ['of less', entry(one.reference, { amountMinor: 4979n }), 'amount-less', one.attempt],
    ['of more', entry(one.reference, { amountMinor: 4981n }), 'amount-more', one.attempt],
    ['for an order that is over', entry(over.reference), 'order-over', over.attempt],
    ['that takes a debit back', entry(one.reference, { reversal: true }), 'reversal', null],
  ]
  test.each(open)('%s is left to a person', (_, given, reason, attempt) => {
    expect(judge([given], books)).toEqual([{ kind: 'open', reason, attempt, refund: null }])
  })

  test('of an order that one before it has paid is left to a person', () => {
    const kinds = judge([entry(one.reference), entry(one.reference)], books)
    expect(kinds).toMatchObject([
      { kind: 'pays' },
      { kind: 'open', reason: 'order-over', attempt: one.attempt },
    ])
  })

  test.each([
    ['told first', 'E-17', []],
    ['in the same file', 'E-18', [entry('REVERSAL E-18', { direction: 'debit' })]],
  ])('that the bank takes back, %s, pays nothing', (_, reference, others) => {
    const gone = entry(one.reference, { reference })
    const [judgement] = judge([gone, ...others], books)
    expect(judgement).toEqual({ kind: 'open', reason: 'reversal', attempt: one.attempt, refund: null })
    expect(judge([{ ...gone, reference: 'E-1' }], books)).toMatchObject([{ kind: 'pays' }])
    expect(judge([{ ...gone, amountMinor: 1n }], books)).toMatchObject([{ reason: 'amount-less' }])
  })
})

describe('a refund that was made', () => {
  const reversal = { reversal: true } as const
  test.each([
    ['its reference, taken back', entry(`RETURN ${made.reference}`, reversal)],
    ['its number, taken back', entry(made.number, reversal)],
    ['its reference and the bank’s own of the debit', entry(`RETURN (OUT-9) ${made.reference}`)],
  ])('comes back with %s', (_, given) => {
    expect(judge([given, given], books)).toMatchObject([
      { kind: 'refund-back', made },
      { kind: 'open', reason: given.reversal ? 'reversal' : 'reference-unknown' },
    ])
  })

  test('comes back by the statement that has it go out, and goes out again', () => {
    const out = entry(due.number, { direction: 'debit', reference: 'OUT-10' })
    const kinds = judge([out, entry(`RETURN OUT-10 ${due.number}`), { ...out, reference: 'OUT-11' }], books)
    expect(kinds).toMatchObject([
      { kind: 'refunds' },
      { kind: 'refund-back', made: { ...due, debit: 'OUT-10' } },
      { kind: 'refunds' },
    ])
  })

  test.each([
    ['another amount', entry(made.reference, { ...reversal, amountMinor: 1n }), 'reversal'],
    ['its reference on what no bank took back', entry(made.reference), 'reference-unknown'],
    ['the bank’s own reference alone', entry('RETURN OUT-9'), 'no-reference'],
  ])('is not thought to by %s', (_, given, reason) => {
    expect(judge([given], books)).toMatchObject([{ kind: 'open', reason }])
  })
})

describe('a debit', () => {
  test.each([
    ['with the refund’s number', due.number],
    ['with its number in small letters and groups', due.number.toLowerCase().replaceAll(/(.{5})/g, '$1 ')],
    ['with its short reference', `退款 ${due.reference}`],
  ])('%s carries it out', (_, remittance) => {
    expect(judge([entry(remittance, debit)], books)).toEqual([{ kind: 'refunds', due }])
  })

  test('carries a refund out once', () => {
    const twice = [entry(due.number, debit), entry(due.number, debit)]
    expect(judge(twice, books)).toMatchObject([
      { kind: 'refunds' },
      { kind: 'open', reason: 'debit-unknown' },
    ])
  })

  test('that a person has recorded is known by the bank’s reference and its amount', () => {
    const back = entry('', { ...debit, reference: 'BACK-1', amountMinor: 700n })
    expect(judge([back], books)).toEqual([{ kind: 'return-made', returnReference: 'BACK-1' }])
    expect(judge([{ ...back, amountMinor: 701n }], books)).toMatchObject([{ reason: 'debit-unknown' }])
  })

  test.each([
    ['of less than the refund', entry(due.number, { ...debit, amountMinor: 1n }), 'amount-less', due.refund],
    [
      'of more than the refund',
      entry(due.number, { ...debit, amountMinor: 9999n }),
      'amount-more',
      due.refund,
    ],
    ['that nobody can explain', entry('rent', debit), 'debit-unknown', null],
    ['that takes a credit back', entry(one.reference, { ...debit, reversal: true }), 'reversal', null],
  ])('%s is left to a person', (_, given, reason, refund) => {
    expect(judge([given], books)).toMatchObject([{ kind: 'open', reason, refund }])
  })
})

describe('suggestions', () => {
  const wrong = `${one.reference.slice(0, 8)}${one.reference.endsWith('2') ? '3' : '2'}`
  test('are the nearest reference first, then the same amount; nothing else', () => {
    const found = suggest(entry(`top-up ${wrong}`), [two, awaitedOf('three'), one])
    expect(found).toEqual([
      { awaited: one, sameAmount: true, signsApart: 1 },
      { awaited: awaitedOf('three'), sameAmount: true, signsApart: null },
    ])
    expect(suggest(entry('rent', { amountMinor: 1n }), [one, two])).toEqual([])
  })
})
