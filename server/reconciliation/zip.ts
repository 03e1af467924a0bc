import { pipeline, Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { FileRefused } from '../platform/csv-file.ts'
import { type BillSource, readBytes } from './bill-source.ts'

// The little of the format (PKWARE APPNOTE 6.3) that a bill needs: files stored or deflated, below 4 GB, not encrypted.

const END = 0x06054b50
const END_BYTES = 22
const MOST_COMMENT_BYTES = 0xffff
const DIRECTORY_ENTRY = 0x02014b50
const DIRECTORY_ENTRY_BYTES = 46
const LOCAL = 0x04034b50
const LOCAL_BYTES = 30
const ENCRYPTED = 1
const UTF8_NAME = 1 << 11
const STORED = 0
const DEFLATED = 8

/** A file of an archive, as the directory at its end has it. */
export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly packedBytes: number
  readonly bytes: number
  /** Where its local header begins. */
  readonly offset: number
}

const torn = (source: BillSource, what: string) =>
  new FileRefused(`${source.name} is torn: ${what}. Fetch it from the provider once more.`)

/** The files of an archive. Throws FileRefused where it has no whole directory, as one that was cut off has none. */
export async function readZipDirectory(source: BillSource): Promise<readonly ZipEntry[]> {
  const tailBytes = Math.min(source.size, END_BYTES + MOST_COMMENT_BYTES)
  const tail = await readBytes(source, source.size - tailBytes, tailBytes)
  const end = endOf(tail)
  if (end < 0) throw torn(source, 'the end of the archive is missing')
  const count = tail.readUInt16LE(end + 10)
  const directoryBytes = tail.readUInt32LE(end + 12)
  const offset = tail.readUInt32LE(end + 16)
  if (offset + directoryBytes > source.size) throw torn(source, 'its directory lies beyond its end')
  const directory = await readBytes(source, offset, directoryBytes)
  const entries: ZipEntry[] = []
  for (let at = 0; entries.length < count; ) {
    if (at + DIRECTORY_ENTRY_BYTES > directory.length || directory.readUInt32LE(at) !== DIRECTORY_ENTRY)
      throw torn(source, 'its directory is damaged')
    entries.push(readEntry(source, directory, at))
    at +=
      DIRECTORY_ENTRY_BYTES +
      directory.readUInt16LE(at + 28) +
      directory.readUInt16LE(at + 30) +
      directory.readUInt16LE(at + 32)
  }
  return entries
}

function endOf(tail: Buffer): number {
  for (let at = tail.length - END_BYTES; at >= 0; at--) if (tail.readUInt32LE(at) === END) return at
  return -1
}

function readEntry(source: BillSource, directory: Buffer, at: number): ZipEntry {
  const flags = directory.readUInt16LE(at + 8)
  const method = directory.readUInt16LE(at + 10)
  const nameAt = at + DIRECTORY_ENTRY_BYTES
  const rawName = directory.subarray(nameAt, nameAt + directory.readUInt16LE(at + 28))
  const name = new TextDecoder(flags & UTF8_NAME ? 'utf-8' : 'gbk').decode(rawName)
  if (flags & ENCRYPTED) throw new FileRefused(`${name} in ${source.name} is encrypted.`)
  if (method !== STORED && method !== DEFLATED)
    throw new FileRefused(`${name} in ${source.name} is packed in a way that is not known (${method}).`)
  return {
    name,
    method,
    crc: directory.readUInt32LE(at + 16),
    packedBytes: directory.readUInt32LE(at + 20),
    bytes: directory.readUInt32LE(at + 24),
    offset: directory.readUInt32LE(at + 42),
  }
}

/** The content of a file as it unpacks. What came is good only when it ends without FileRefused: its checksum is its last word. */
export async function* readZipFile(source: BillSource, entry: ZipEntry): AsyncGenerator<Buffer> {
  const local = await readBytes(source, entry.offset, LOCAL_BYTES)
  if (local.length < LOCAL_BYTES || local.readUInt32LE(0) !== LOCAL)
    throw torn(source, `${entry.name} does not begin where its directory says`)
  const from = entry.offset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28)
  const packed = source.stream(from, entry.packedBytes)
  let crc = 0
  let bytes = 0
  try {
    for await (const chunk of entry.method === STORED ? packed : inflated(packed)) {
      crc = crc32(chunk, crc)
      bytes += chunk.length
      yield chunk
    }
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw error
    throw torn(source, `${entry.name} cannot be unpacked`)
  }
  if (crc !== entry.crc || bytes !== entry.bytes)
    throw torn(source, `${entry.name} is not what its checksum says`)
}

function inflated(packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const inflate = createInflateRaw({ chunkSize: 1 << 18 })
  // Its errors are heard where the pieces are taken.
  pipeline(Readable.from(packed), inflate, () => undefined)
  return inflate
}
