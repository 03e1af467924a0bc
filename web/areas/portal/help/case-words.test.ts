import { expect, it } from 'vitest'
import { holdsSecret } from './case-words.ts'

it.each([
  ['验证码是 482913，收不到话费', true],
  ['我收到 482913 这个验证码', true],
  ['密码：qwer1234', true],
  ['my code was 482913', true],
  ['password is hunter2', true],
  ['验证码一直收不到', false],
  ['忘记密码了，怎么办', false],
  ['充值 50 元，订单 01JD9Z3K6N8Q4W2V7X5Y0ABCDE', false],
  ['I forgot my password', false],
  ['area code of my town', false],
])('%s: %s', (text, holds) => {
  expect(holdsSecret(text)).toBe(holds)
})
