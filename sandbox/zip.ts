import { crc32, deflateRawSync } from 'node:zlib'
import { compactChinaTime } from './clock.ts'

/** `name` is bytes: Chinese vendors write file names in GBK, without the flag that would say so. */
export interface ZipEntry {
  name: Buffer
  content: Buffer
}

/** A zip archive (PKWARE APPNOTE 6.3) of a few deflated files below 4 GiB, all of one moment. */
export function zip(entries: readonly ZipEntry[], at: number): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content } of entries) {
    const packed = deflateRawSync(content)
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(8, 4)
    facts.writeUInt32LE(dosTime(at), 6)
    facts.writeUInt32LE(crc32(content), 10)
    facts.writeUInt32LE(packed.length, 14)
    facts.writeUInt32LE(content.length, 18)
    facts.writeUInt16LE(name.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    const body = Buffer.concat([mark(0x04034b50), facts, name, packed])
    bodies.push(body)
    directory.push(mark(0x02014b50), Buffer.from([20, 0]), facts, place, name)
    offset += body.length
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(size, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...bodies, ...directory, mark(0x06054b50), end])
}

function mark(signature: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(signature)
  return bytes
}

/** Date above, time below, to two seconds: as MS-DOS kept them. */
function dosTime(at: number): number {
  const digits = compactChinaTime(at)
  const part = (from: number, to: number) => Number.parseInt(digits.slice(from, to), 10)
  const date = ((part(0, 4) - 1980) << 9) | (part(4, 6) << 5) | part(6, 8)
  const time = (part(8, 10) << 11) | (part(10, 12) << 5) | (part(12, 14) >> 1)
  return date * 0x1_0000 + time
}
