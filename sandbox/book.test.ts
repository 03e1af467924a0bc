import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openBook, readBook } from './book.ts'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'book-'))
  path = join(folder, 'book.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

async function open() {
  const seen: number[] = []
  const book = await openBook<number>(path, (entry) => seen.push(entry))
  return { seen, book }
}

test('applies an entry at once and has it on disk when the promise resolves', async () => {
  const { seen, book } = await open()
  const recorded = book.record(1)
  expect(seen).toEqual([1])
  await recorded
  expect(await readFile(path, 'utf8')).toBe('1\n')
  await book.close()
})

test('replays in order after closing, bursts included', async () => {
  const first = await open()
  const numbers = Array.from({ length: 200 }, (_, index) => index)
  void Promise.all(numbers.map((number) => first.book.record(number)))
  await first.book.close()
  const second = await open()
  expect(second.seen).toEqual(numbers)
  await second.book.close()
})

test('cuts a torn last line off and goes on after it', async () => {
  await writeFile(path, '1\n2\n{"torn":')
  const { seen, book } = await open()
  expect(seen).toEqual([1, 2])
  await book.record(3)
  await book.close()
  expect(await readFile(path, 'utf8')).toBe('1\n2\n3\n')
})

test('refuses a book damaged in the middle, naming the line', async () => {
  await writeFile(path, '1\nnonsense\n3\n')
  await expect(open()).rejects.toThrow('damaged at line 2')
})

test('looking at a book while it is written changes nothing', async () => {
  await writeFile(path, '1\n')
  await appendFile(path, '{"half')
  expect(await readBook(path)).toEqual([1])
  expect(await readFile(path, 'utf8')).toBe('1\n{"half')
})
