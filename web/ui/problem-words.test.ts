import { expect, it } from 'vitest'
import { problemWords } from './problem-words.ts'

const cny = (amountMinor: string) => ({ amountMinor, currency: 'CNY' })

it('reads sums as phrases and joins lists as the language does', () => {
  const body = {
    code: 'amount-not-allowed',
    denominations: [cny('3000'), cny('5000')],
    min: cny('1000'),
    max: cny('50000'),
  }
  expect(problemWords(body, 'zh-CN')).toEqual({
    blanks: {
      code: 'amount-not-allowed',
      denominations: '30\u00a0元、50\u00a0元',
      min: '10\u00a0元',
      max: '500\u00a0元',
    },
    context: undefined,
  })
  expect(problemWords(body, 'en').blanks.denominations).toBe('CNY\u00a030, CNY\u00a050')
})

it('picks the variant a problem speaks of', () => {
  expect(problemWords({ code: 'limit-reached', per: 'day', limit: cny('50000') }, 'en').context).toBe('day')
  expect(problemWords({ code: 'amount-not-allowed', min: cny('5000') }, 'en').context).toBe('least')
  expect(problemWords({ code: 'code-wrong', triesLeft: 3 }, 'en').blanks.triesLeft).toBe('3')
})
