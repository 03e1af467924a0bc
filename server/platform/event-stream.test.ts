import { expect, it } from 'vitest'
import { type EventStream, openEventStream } from './event-stream.ts'

async function textOf({ body }: EventStream): Promise<string> {
  let text = ''
  for await (const part of body.setEncoding('utf8')) text += part
  return text
}

it('says when to connect again, then each event with its id, and beats in between', async () => {
  const stream = openEventStream(3_000)
  stream.send({ name: 'order', id: 'a1', data: '{"state":"paid"}' })
  expect(stream.beat()).toBe(true)
  stream.end({ name: 'end', data: '{}' })
  expect(await textOf(stream)).toBe(
    'retry: 3000\n\nevent: order\nid: a1\ndata: {"state":"paid"}\n\n:\n\nevent: end\ndata: {}\n\n',
  )
})

it('holds the newest event alone for a reader without room, and sends it before it ends', async () => {
  const stream = openEventStream(1)
  const data = 'x'.repeat(10_000)
  for (let i = 0; i < 100; i++) stream.send({ name: 'order', id: `${i}`, data })
  expect(stream.body.readableLength).toBeLessThan(16 * 1024 + data.length)
  expect(stream.beat()).toBe(false)
  stream.end({ name: 'end', id: 'end', data: '{}' })
  stream.send({ name: 'order', id: 'late', data })
  const ids = [...(await textOf(stream)).matchAll(/^id: (.*)$/gm)].map(([, id]) => id)
  expect(ids).toEqual(['0', '1', '99', 'end'])
})

it('sends nothing to a reader who has gone', () => {
  const stream = openEventStream(1)
  stream.body.destroy()
  const before = stream.body.readableLength
  stream.send({ name: 'order', data: '{}' })
  stream.end()
  expect(stream.body.readableLength).toBe(before)
})
