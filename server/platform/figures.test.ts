import { expect, it } from 'vitest'
import { createFigures } from './figures.ts'

it('tells what was counted in the text format of Prometheus', () => {
  const figures = createFigures()
  const orders = figures.counter('orders_total', 'Orders placed.', ['brand', 'kind'])
  orders.of('laika', 'online').add()
  orders.of('laika', 'online').add(2)
  orders.of('harbour', 'a "b"\\\n').add()
  const waiting = figures.gauge('waiting', 'Orders that wait.')
  figures.beforeTelling(() => waiting.of().set(7))
  const seconds = figures.histogram('seconds', 'How long.', [0.1, 1], ['route'])
  for (const value of [0.05, 0.1, 0.5, 30]) seconds.of('/v1/top-ups').observe(value)
  expect(figures.text()).toBe(`# HELP orders_total Orders placed.
# TYPE orders_total counter
orders_total{brand="laika",kind="online"} 3
orders_total{brand="harbour",kind="a \\"b\\"\\\\\\n"} 1
# HELP waiting Orders that wait.
# TYPE waiting gauge
waiting 7
# HELP seconds How long.
# TYPE seconds histogram
seconds_bucket{route="/v1/top-ups",le="0.1"} 2
seconds_bucket{route="/v1/top-ups",le="1"} 3
seconds_bucket{route="/v1/top-ups",le="+Inf"} 4
seconds_sum{route="/v1/top-ups"} 30.65
seconds_count{route="/v1/top-ups"} 4
`)
})

it('a family never grows beyond its bound: the rest is counted together', () => {
  const figures = createFigures()
  const codes = figures.counter('codes_total', 'By code.', ['code'])
  for (let i = 0; i < 2_100; i++) codes.of(`code-${i}`).add()
  const lines = figures
    .text()
    .split('\n')
    .filter((line) => line.startsWith('codes_total'))
  expect(lines).toHaveLength(2_001)
  expect(lines.at(-1)).toBe('codes_total{code="other"} 100')
})

it('one name is one figure, with all its labels', () => {
  const figures = createFigures()
  const counter = figures.counter('one_total', 'One.', ['a', 'b'])
  expect(() => figures.gauge('one_total', 'Another.')).toThrow('declared twice')
  expect(() => counter.of('only a')).toThrow('2 labels')
})
