import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  forgetRecentNumbers,
  noteCredited,
  notePlaced,
  numberOfOrder,
  recentNumbers,
} from './known-numbers.ts'

/** A browser's storage, as far as it is used here. */
function storage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const kept = new Map<string, string>()
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => void kept.set(name, text),
    removeItem: (name) => void kept.delete(name),
  }
}

beforeEach(() => {
  vi.stubGlobal('localStorage', storage())
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const number = (at: number) => ({ msisdn: `861540000${1000 + at}`, offer: 'package/quarter/保号季包' })

describe('numbers known on this device', () => {
  it('are those whose order was credited, not those merely placed', () => {
    notePlaced('A', number(1))
    expect(recentNumbers()).toEqual([])
    expect(numberOfOrder('A')).toBe(number(1).msisdn)
    noteCredited('A')
    expect(recentNumbers()).toEqual([number(1)])
    noteCredited('unknown here')
    expect(recentNumbers()).toEqual([number(1)])
  })

  it('are five, the last one first, each once with its last offer', () => {
    for (let at = 0; at < 7; at++) {
      notePlaced(`order ${at}`, number(at))
      noteCredited(`order ${at}`)
    }
    notePlaced('again', { ...number(4), offer: 'denomination/5000' })
    noteCredited('again')
    const known = recentNumbers()
    expect(known.map(({ msisdn }) => msisdn)).toEqual([4, 6, 5, 3, 2].map((at) => number(at).msisdn))
    expect(known[0]?.offer).toBe('denomination/5000')
  })

  it('can be forgotten', () => {
    notePlaced('A', number(1))
    noteCredited('A')
    forgetRecentNumbers()
    expect(recentNumbers()).toEqual([])
    expect(numberOfOrder('A')).toBeUndefined()
  })

  it('are none where storage holds something else', () => {
    for (const text of ['{', '{"a":1}', '[{"msisdn":"<script>","offer":""}]', '[null, 3]']) {
      localStorage.setItem('recent-numbers', text)
      expect(recentNumbers()).toEqual([])
    }
  })
})

it('a storage that is closed to us is stood in for as long as the page lasts', () => {
  const closed = () => {
    throw new DOMException('denied', 'SecurityError')
  }
  vi.stubGlobal('localStorage', { getItem: closed, setItem: closed, removeItem: closed })
  notePlaced('A', number(1))
  noteCredited('A')
  expect(recentNumbers()).toEqual([number(1)])
  forgetRecentNumbers()
  expect(recentNumbers()).toEqual([])
})
