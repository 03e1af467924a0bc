import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editEntry, readEntry, showEntry } from './number-entry.ts'
import { groupNumber, maskNumber, type NumberPlan, numberPlanOf, toMsisdn } from './number-plan.ts'

const china: NumberPlan = { countryCode: '86', trunkPrefix: '', groups: [3, 4, 4] }
const britain: NumberPlan = { countryCode: '44', trunkPrefix: '0', groups: [5, 6] }

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((d) => d.join(''))
/** No Chinese mobile number begins with 86, so only 1... is drawn. */
const chineseNumber = digits(10).map((rest) => `1${rest}`)
const britishNumber = digits(9).map((rest) => `07${rest}`)

describe('reading a number', () => {
  it.each([
    '13800138000',
    '138 0013 8000',
    '+86 138 0013 8000',
    '0086-138-0013-8000',
    '8613800138000',
    '(+86)138.0013.8000',
    '１３８ ００１３ ８０００',
    '＋８６１３８００１３８０００',
    '手机号：138-0013-8000。',
    '\u202d138\u00a00013\u00a08000\u202c',
  ])('takes %j', (raw) => expect(readEntry(raw, china)).toBe('13800138000'))

  it.each(['07700 900123', '+44 7700 900123', '+44 (0)7700 900123', '00447700900123', '447700900123'])(
    'takes %j for a British brand',
    (raw) => expect(readEntry(raw, britain)).toBe('07700900123'),
  )

  it('keeps what is too long or another country\u2019s, so that the person sees it', () => {
    expect(readEntry('138001380001', china)).toBe('138001380001')
    expect(readEntry('+33 6 12 34 56 78', china)).toBe('+33612345678')
    expect(toMsisdn('138001380001', china)).toBeNull()
    expect(toMsisdn('+33612345678', china)).toBeNull()
  })

  it('is settled after one reading', () => {
    fc.assert(
      fc.property(fc.constantFrom(china, britain), fc.string({ unit: 'grapheme' }), (plan, raw) => {
        const once = readEntry(raw, plan)
        expect(readEntry(showEntry(once, plan), plan)).toBe(once)
      }),
    )
  })
})

describe('typing a number', () => {
  /** Plays keys one at a time into the field as a browser would. */
  function type(text: string, plan: NumberPlan) {
    let state = { entry: '', caret: 0 }
    for (const key of text) {
      const shown = showEntry(state.entry, plan)
      const raw = shown.slice(0, state.caret) + key + shown.slice(state.caret)
      state = editEntry({ before: state.entry, raw, caret: state.caret + 1, inputType: 'insertText' }, plan)
    }
    return state
  }

  function backspace(state: { entry: string; caret: number }, plan: NumberPlan) {
    const shown = showEntry(state.entry, plan)
    if (state.caret === 0) return state
    const raw = shown.slice(0, state.caret - 1) + shown.slice(state.caret)
    return editEntry(
      { before: state.entry, raw, caret: state.caret - 1, inputType: 'deleteContentBackward' },
      plan,
    )
  }

  it('gives the number typed, digit by digit, the caret at its end', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          chineseNumber.map((number) => ({ number, plan: china })),
          britishNumber.map((number) => ({ number, plan: britain })),
        ),
        ({ number, plan }) => {
          const state = type(number, plan)
          expect(state.entry).toBe(number)
          expect(state.caret).toBe(showEntry(number, plan).length)
        },
      ),
    )
  })

  it('takes the country code typed by hand', () => {
    expect(type('+8613800138000', china).entry).toBe('13800138000')
    expect(type('+447700900123', britain).entry).toBe('07700900123')
  })

  it('loses exactly one digit per backspace, wherever the caret stands', () => {
    fc.assert(
      fc.property(chineseNumber, fc.integer({ min: 1, max: 11 }), (number, at) => {
        const shown = showEntry(number, china)
        const caret =
          [...shown].findIndex((_, i) => shown.slice(0, i + 1).replaceAll(' ', '').length === at) + 1
        const after = backspace({ entry: number, caret }, china)
        expect(after.entry).toBe(number.slice(0, at - 1) + number.slice(at))
        const before = showEntry(after.entry, china).slice(0, after.caret).replaceAll(' ', '')
        expect(before).toBe(number.slice(0, at - 1))
      }),
    )
  })

  it('deletes the digit beside a gap, backwards and forwards', () => {
    const backwards = {
      before: '13800138000',
      raw: '1380013 8000',
      caret: 3,
      inputType: 'deleteContentBackward',
    }
    expect(editEntry(backwards, china)).toEqual({ entry: '1300138000', caret: 2 })
    const forwards = { ...backwards, inputType: 'deleteContentForward' }
    expect(editEntry(forwards, china)).toEqual({ entry: '1380138000', caret: 3 })
  })

  it('empties by backspaces alone', () => {
    let state = type('13800138000', china)
    for (let i = 0; i < 11; i++) state = backspace(state, china)
    expect(state).toEqual({ entry: '', caret: 0 })
  })
})

describe('showing a number', () => {
  it('masks and groups by the brand\u2019s plan', () => {
    expect(maskNumber('8613800138000', china)).toBe('138****8000')
    expect(groupNumber('8613800138000', china)).toBe('138 0013 8000')
    expect(groupNumber('447700900123', britain)).toBe('07700 900123')
    expect(maskNumber('447700900123', britain)).toBe('077****0123')
    expect(maskNumber('33612345678', china)).toBe('+336****5678')
    expect(groupNumber('33612345678', china)).toBe('+33612345678')
    expect(toMsisdn('07700900123', britain)).toBe('447700900123')
  })

  it('leaves what the server masked alone', () => {
    expect(groupNumber('154****1234', china)).toBe('154****1234')
    expect(maskNumber('154****1234', china)).toBe('154****1234')
  })

  it('learns the plan from the brand\u2019s example', () => {
    expect(numberPlanOf({ countryCode: '86', numberExample: '15400001234' })).toEqual(china)
    expect(numberPlanOf({ countryCode: '44', numberExample: '07700 900123' })).toEqual(britain)
  })
})
