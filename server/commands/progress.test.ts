import { expect, test } from 'vitest'
import { createProgress } from './progress.ts'

function told(isTTY: boolean) {
  const texts: string[] = []
  let nowMs = 0
  const stream = { isTTY, write: (text: string | Uint8Array) => texts.push(String(text)) > 0 }
  const progress = createProgress(stream, 'lines', () => nowMs)
  return {
    texts,
    at(ms: number, part: number, done: number) {
      nowMs = ms
      progress.show({ part, done })
    },
    end: progress.end,
  }
}

test('on a terminal one line is drawn again, at most ten times a second, and taken away at the end', () => {
  const { texts, at, end } = told(true)
  at(50, 0.01, 10_000)
  at(1_000, 0.25, 250_000)
  at(1_050, 0.26, 260_000)
  at(2_000, 0.5, 500_000)
  end()
  expect(texts).toEqual([
    '\r\u001b[K[██████··················] 25 %  250,000 lines, 250,000 a second, 0:03 left',
    '\r\u001b[K[████████████············] 50 %  500,000 lines, 250,000 a second, 0:02 left',
    '\r\u001b[K',
  ])
})

test('in a log it is a line every five seconds', () => {
  const { texts, at, end } = told(false)
  at(4_999, 0.2, 2_000)
  at(5_000, 0.2, 2_000)
  at(9_000, 0.4, 4_000)
  at(10_000, 0, 4_000)
  end()
  expect(texts).toEqual(['20 %  2,000 lines, 400 a second, 0:20 left\n', '0 %  4,000 lines, 400 a second\n'])
})
