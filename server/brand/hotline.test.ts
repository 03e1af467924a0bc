import { describe, expect, it } from 'vitest'
import { hotlineAt } from './hotline.ts'
import { brandPresets, readBrand } from './index.ts'

const hotlineOf = (key: string) => {
  const preset = brandPresets.find((one) => one.key === key)
  return readBrand(key, preset?.facts).hotline
}
const laika = hotlineOf('laika')
const harbour = hotlineOf('harbour')
const at = (iso: string) => Date.parse(iso)

describe('whether the hotline answers', () => {
  it.each([
    ['at opening, every day at 8 in Shanghai', laika, '2026-11-22T00:00:00Z', true, '2026-11-22T14:00:00Z'],
    ['a second before', laika, '2026-11-21T23:59:59Z', false, '2026-11-22T00:00:00Z'],
    ['the last second', laika, '2026-11-22T13:59:59Z', true, '2026-11-22T14:00:00Z'],
    ['at closing', laika, '2026-11-22T14:00:00Z', false, '2026-11-23T00:00:00Z'],
    ['on a Sunday in London', harbour, '2026-11-22T12:00:00Z', false, '2026-11-23T09:00:00Z'],
    ['on Saturday evening in London', harbour, '2026-11-21T18:30:00Z', false, '2026-11-23T09:00:00Z'],
    ['in summer, an hour sooner', harbour, '2026-07-01T08:00:00Z', true, '2026-07-01T17:00:00Z'],
    ['over the night the clock goes forward', harbour, '2026-03-28T18:00:00Z', false, '2026-03-30T08:00:00Z'],
  ])('%s', (_, hotline, now, open, changesAt) => {
    expect(hotlineAt(hotline, at(now))).toEqual({ open, changesAtMs: at(changesAt) })
  })

  it('day and night: it never changes', () => {
    const always = { ...laika, open: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }] }
    expect(hotlineAt(always, at('2026-11-22T03:10:00Z'))).toEqual({ open: true, changesAtMs: null })
  })

  it('until midnight, and from midnight on', () => {
    const late = { ...laika, open: [{ days: [6], from: '20:00', to: '24:00' }] }
    const saturday = at('2026-11-21T13:00:00Z')
    expect(hotlineAt(late, saturday)).toEqual({ open: true, changesAtMs: at('2026-11-21T16:00:00Z') })
  })

  it('an opening that a changed clock skips begins when the clock is right again', () => {
    const night = {
      ...harbour,
      open: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '01:30', to: '03:00' }],
    }
    expect(hotlineAt(night, at('2026-03-29T00:10:00Z'))).toEqual({
      open: false,
      changesAtMs: at('2026-03-29T01:00:00Z'),
    })
  })
})
