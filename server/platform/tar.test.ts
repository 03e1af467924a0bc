import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readTar, tarEnd, tarHeader, tarPadding } from './tar.ts'

interface Entry {
  readonly path: string
  readonly mode: number
  readonly content: Buffer
}

const pack = (entries: readonly Entry[]) =>
  Buffer.concat([
    ...entries.flatMap(({ path, mode, content }) => [
      tarHeader({ path, mode, size: content.length }),
      content,
      tarPadding(content.length),
    ]),
    tarEnd,
  ])

async function unpack(archive: Buffer, pieceBytes: number): Promise<Entry[]> {
  async function* pieces() {
    for (let at = 0; at < archive.length; at += pieceBytes) yield archive.subarray(at, at + pieceBytes)
  }
  const entries: Entry[] = []
  for await (const { path, mode, content } of readTar(pieces())) {
    const parts: Buffer[] = []
    for await (const part of content) parts.push(Buffer.from(part))
    entries.push({ path, mode, content: Buffer.concat(parts) })
  }
  return entries
}

it('what was packed is unpacked, in whatever pieces it arrives', async () => {
  const entry = fc.record({
    path: fc.stringMatching(/^[a-z0-9_/.]{1,100}$/),
    mode: fc.constantFrom(0o600, 0o700),
    content: fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { maxLength: 4 }),
      fc.integer({ min: 1, max: 3_000 }),
      async (entries, bytes) => {
        expect(await unpack(pack(entries), bytes)).toEqual(entries)
      },
    ),
    { numRuns: 50 },
  )
})

it('is read by tar, too', () => {
  const archive = pack([{ path: 'a/b.txt', mode: 0o600, content: Buffer.from('kept\n') }])
  expect(execFileSync('tar', ['-xOf', '-', 'a/b.txt'], { input: archive }).toString()).toBe('kept\n')
})

it('what is damaged, cut short or no archive is refused', async () => {
  const archive = pack([{ path: 'a', mode: 0o600, content: randomBytes(600) }])
  const damaged = Buffer.from(archive)
  damaged.writeUInt8(damaged.readUInt8(3) ^ 1, 3)
  await expect(unpack(damaged, 512)).rejects.toThrow('damaged')
  await expect(unpack(archive.subarray(0, 900), 512)).rejects.toThrow('ends too early')
  await expect(unpack(Buffer.alloc(512, 'x'), 512)).rejects.toThrow('no archive')
  expect(() => tarHeader({ path: 'x'.repeat(101), mode: 0o600, size: 0 })).toThrow('100 bytes')
})
