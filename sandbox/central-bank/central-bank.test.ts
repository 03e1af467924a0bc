import { describe, expect, it } from 'vitest'
import { newestDay, ratesFile } from './index.ts'

describe('the central bank', () => {
  it.each([
    ['a working day, before its hour', Date.UTC(2026, 10, 24, 14, 59), '2026-11-23'],
    ['a working day, after it', Date.UTC(2026, 10, 24, 15), '2026-11-24'],
    ['a Sunday', Date.UTC(2026, 10, 22, 20), '2026-11-20'],
    ['a Monday morning', Date.UTC(2026, 10, 23, 9), '2026-11-20'],
  ])('on %s has the rates of the newest working day out', (_, now, day) => {
    expect(newestDay(now)).toBe(day)
  })

  it('says under its own name what one euro is', () => {
    const file = ratesFile('2026-11-20')
    expect(file).toContain('Sandbox Central Bank')
    expect(file).toContain("<Cube currency='GBP' rate='0.87420'/>")
  })
})
