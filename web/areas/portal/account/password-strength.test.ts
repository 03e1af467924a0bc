import { expect, it } from 'vitest'
import { passwordStrength } from './password-strength.ts'

it.each([
  ['', { is: 'short', missing: 15 }],
  ['seven giraffes', { is: 'short', missing: 1 }],
  ['一二三四五六七八九十甲乙丙丁', { is: 'short', missing: 1 }],
  ['aaaaaaaaaaaaaaaaaaaa', { is: 'weak' }],
  ['123456789012345678', { is: 'weak' }],
  ['abcabcabcabcabcabc', { is: 'weak' }],
  ['15400001234-154000', { is: 'weak' }],
  ['seven giraffes !', { is: 'fair' }],
  ['seven giraffes knit quietly', { is: 'strong' }],
])('%j: %j', (password, strength) => {
  expect(passwordStrength(password, '15400001234')).toEqual(strength)
})
