import { crc32, inflateRawSync } from 'node:zlib'

/** Reads a zip by its central directory, as receivers do; names as bytes. Throws on a wrong checksum. */
export function unzip(archive: Buffer): Map<Buffer, Buffer> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  if (end < 0) throw new Error('This is no zip.')
  const files = new Map<Buffer, Buffer>()
  let at = archive.readUInt32LE(end + 16)
  for (let count = archive.readUInt16LE(end + 10); count > 0; count -= 1) {
    const [crc, packedSize, size] = [16, 20, 24].map((place) => archive.readUInt32LE(at + place))
    const nameLength = archive.readUInt16LE(at + 28)
    const local = archive.readUInt32LE(at + 42)
    const body = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const content = inflateRawSync(archive.subarray(body, body + (packedSize ?? 0)))
    if (content.length !== size || crc32(content) !== crc) throw new Error('A file in the zip is damaged.')
    files.set(archive.subarray(at + 46, at + 46 + nameLength), content)
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return files
}
