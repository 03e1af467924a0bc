import { describe, expect, it } from 'vitest'
import { isEmail, meantEmail } from './email.ts'

describe('the address that was meant', () => {
  it.each([
    ['lin@gmial.com', 'lin@gmail.com'],
    ['lin@gmai.com', 'lin@gmail.com'],
    ['Lin@GMAIL.CON', 'Lin@gmail.com'],
    ['lin@qq.con', 'lin@qq.com'],
    ['lin@qq.om', 'lin@qq.com'],
    ['lin@16.com', 'lin@163.com'],
    ['lin@outlok.co', 'lin@outlook.com'],
    ['lin@hotmial.com', 'lin@hotmail.com'],
    [' lin@iclould.com ', 'lin@icloud.com'],
  ])('%s: %s', (typed, meant) => {
    expect(meantEmail(typed)).toBe(meant)
  })

  it.each([
    'lin@gmail.com',
    'lin@mail.com',
    'lin@ymail.com',
    'lin@laika.example',
    'lin@sina.cn',
    'lin@',
    'lin',
    '@qq.com',
  ])('%s is left as it is', (typed) => {
    expect(meantEmail(typed)).toBeNull()
  })
})

it.each([
  ['lin@example.com', true],
  ['lin@example', false],
  ['lin@example.c', false],
  ['lin example.com', false],
  ['lin@@example.com', false],
])('%s looks like an address: %s', (text, looks) => {
  expect(isEmail(text)).toBe(looks)
})
