import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Answer, afterTry, MAX_UNKNOWNS, type MessageState, messageStates } from './message.ts'

const answers = fc.oneof(
  fc.constant<Answer>({ kind: 'yes' }),
  fc.constantFrom('never', 'later', 'at-once').map((again): Answer => ({ kind: 'no', again, reason: 'r' })),
  fc.constant<Answer>({ kind: 'unknown', reason: 'r' }),
)

describe('the states', () => {
  const nextOf = (state: MessageState): readonly MessageState[] => messageStates[state].next

  test('can all be reached from queued', () => {
    const reached = new Set<MessageState>(['queued'])
    for (const state of reached) for (const next of nextOf(state)) reached.add(next)
    expect([...reached].sort()).toEqual(Object.keys(messageStates).sort())
  })

  test('that are open lead to an end', () => {
    for (const state of Object.keys(messageStates) as MessageState[]) {
      const reached = new Set<MessageState>([state])
      for (const from of reached) for (const next of nextOf(from)) reached.add(next)
      expect(
        [...reached].some((end) => nextOf(end).length === 0),
        state,
      ).toBe(true)
    }
  })

  test('after a try are states that may follow sending', () => {
    fc.assert(
      fc.property(
        answers,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 3 }),
        (answer, tries, unknowns) => {
          const after = afterTry(answer, { tries, unknowns, notAfterMs: 1_000_000 }, 500_000)
          expect(nextOf('sending')).toContain(after.state)
          // Open exactly when somebody will look again, and never later than the message's last moment.
          expect(after.dueAtMs === null).toBe(after.state === 'sent' || after.state === 'failed')
          expect(after.dueAtMs ?? 0).toBeLessThanOrEqual(1_000_000)
        },
      ),
    )
  })
})

describe('after a try', () => {
  const no = (again: 'never' | 'later' | 'at-once'): Answer => ({ kind: 'no', again, reason: 'ESME_X' })
  const tried = { tries: 1, unknowns: 0, notAfterMs: 10_000_000 }

  test('back-offs are 5 s, 30 s, 2 m, 10 m, and 10 m from then on', () => {
    const waits = [1, 2, 3, 4, 5, 9].map((tries) => afterTry(no('later'), { ...tried, tries }, 0).dueAtMs)
    expect(waits).toEqual([5_000, 30_000, 120_000, 600_000, 600_000, 600_000])
  })

  test('what nobody judged does not count as a try', () => {
    expect(afterTry(no('at-once'), tried, 7)).toMatchObject({ state: 'queued', tries: 0, dueAtMs: 7 })
  })

  test('a refusal for good ends it', () => {
    expect(afterTry(no('never'), tried, 7)).toMatchObject({
      state: 'failed',
      dueAtMs: null,
      failure: 'ESME_X',
    })
  })

  test('without an answer it goes out again, but not for ever', () => {
    const outcomes = [0, 1, MAX_UNKNOWNS].map((unknowns) =>
      afterTry({ kind: 'unknown', reason: 'cut' }, { ...tried, unknowns }, 0),
    )
    expect(outcomes.map(({ state, unknowns }) => [state, unknowns])).toEqual([
      ['unknown', 1],
      ['unknown', 2],
      ['failed', 3],
    ])
  })
})
