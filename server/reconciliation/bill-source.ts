import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'

/** The bytes of a bill, from a disk or from a provider's answer, read as they are needed. */
export interface BillSource {
  /** What people know it by: the file's name. */
  readonly name: string
  readonly size: number
  /** Bytes from an offset on: the rest of them, or so many. */
  stream(from?: number, length?: number): AsyncIterable<Buffer>
  /** How many bytes were streamed so far. */
  readonly streamed: () => number
}

const CHUNK_BYTES = 1 << 18

export async function billFile(path: string): Promise<BillSource> {
  const { size } = await stat(path)
  return counted(basename(path), size, (from, to) =>
    createReadStream(path, { start: from, end: to - 1, highWaterMark: CHUNK_BYTES }),
  )
}

export function billBytes(name: string, bytes: Buffer): BillSource {
  return counted(name, bytes.length, async function* (from, to) {
    for (let at = from; at < to; at += CHUNK_BYTES) yield bytes.subarray(at, Math.min(at + CHUNK_BYTES, to))
  })
}

function counted(
  name: string,
  size: number,
  open: (from: number, to: number) => AsyncIterable<Buffer>,
): BillSource {
  let streamed = 0
  return {
    name,
    size,
    async *stream(from = 0, length = size - from) {
      const to = Math.min(size, from + length)
      if (to <= from) return
      for await (const chunk of open(from, to)) {
        streamed += chunk.length
        yield chunk
      }
    },
    streamed: () => streamed,
  }
}

/** So many bytes from an offset on; fewer where it ends before. */
export async function readBytes(source: BillSource, from: number, length: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of source.stream(from, length)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
