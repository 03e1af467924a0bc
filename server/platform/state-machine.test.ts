import { describe, expect, test } from 'vitest'
import { defineStates } from './state-machine.ts'

describe('defineStates', () => {
  test('knows which transitions exist', () => {
    const door = defineStates('door', 'open', ['walled'], {
      open: { waits: 'for a hand', to: ['shut'] },
      shut: { waits: 'for a hand or a mason', to: ['open', 'walled'] },
      walled: { waits: 'for nothing', to: [] },
    })
    expect(door.may('open', 'shut')).toBe(true)
    expect(door.may('open', 'walled')).toBe(false)
    expect(door.may('walled', 'open')).toBe(false)
  })

  test('refuses a state that nothing leads to', () => {
    expect(() =>
      defineStates('door', 'open', ['open', 'shut'], {
        open: { waits: '', to: [] },
        shut: { waits: '', to: ['open'] },
      }),
    ).toThrow('door: no way leads to shut')
  })

  test('refuses a dead end that is not final', () => {
    expect(() =>
      defineStates('door', 'open', [], { open: { waits: '', to: ['shut'] }, shut: { waits: '', to: [] } }),
    ).toThrow('door: shut is a dead end and not final')
  })
})
