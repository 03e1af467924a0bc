import fc from 'fast-check'
import { expect, it } from 'vitest'
import { accentOf, contrast, readable } from './accent.ts'

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

it.each(['light', 'dark'] as const)('any brand colour gives readable pages (%s)', (theme) => {
  const grounds = theme === 'light' ? ['#ffffff', '#f3f5f8'] : ['#181c23', '#0e1116']
  fc.assert(
    fc.property(colour, (hex) => {
      const accent = accentOf(hex, theme)
      expect(contrast(accent['--brand'], accent['--on-brand'])).toBeGreaterThanOrEqual(readable)
      expect(contrast(accent['--brand-hover'], accent['--on-brand'])).toBeGreaterThanOrEqual(readable)
      for (const ground of [...grounds, accent['--brand-soft']]) {
        expect(contrast(accent['--brand-ink'], ground)).toBeGreaterThanOrEqual(readable)
      }
    }),
    { numRuns: 2000 },
  )
})

it('keeps a colour that already reads, and gives a bright one dark text', () => {
  expect(accentOf('#1257d6')['--brand']).toBe('#1257d6')
  expect(accentOf('#ffc800')).toMatchObject({ '--brand': '#ffc800', '--on-brand': '#12161d' })
})
