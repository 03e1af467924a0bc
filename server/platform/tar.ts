/** One file of an archive in the ustar format of POSIX.1: at most 100 bytes of path, below 8 GB. */
export interface TarFile {
  readonly path: string
  readonly mode: number
  readonly size: number
}

const BLOCK = 512
const PATH_BYTES = 100

/** The 512 bytes before a file's content; owners and times are left out, which whoever unpacks gives anew. */
export function tarHeader({ path, mode, size }: TarFile): Buffer {
  if (Buffer.byteLength(path) > PATH_BYTES)
    throw new Error(`a path of more than ${PATH_BYTES} bytes: ${path}`)
  const header = Buffer.alloc(BLOCK)
  header.write(path, 0, 'utf8')
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'ascii')
  octal(mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  header.write('0', 156, 'ascii')
  header.write('ustar\x0000', 257, 'ascii')
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii')
  return header
}

/** What fills a file's last block. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
}

/** Two empty blocks end an archive. */
export const tarEnd = Buffer.alloc(2 * BLOCK)

/**
 * The files of an archive in their order, each with its content in pieces, which must be taken before the next file. Throws on
 * what is no archive of ours, or ends too early.
 */
export async function* readTar(
  source: AsyncIterable<Buffer>,
): AsyncGenerator<TarFile & { readonly content: AsyncGenerator<Buffer> }> {
  const pieces = source[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  async function* take(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0; ) {
      if (rest.length === 0) {
        const { value, done } = await pieces.next()
        if (done) throw new Error('the archive ends too early')
        rest = value
      }
      const piece = rest.subarray(0, left)
      rest = rest.subarray(piece.length)
      left -= piece.length
      yield piece
    }
  }
  const whole = async (bytes: number) => {
    const parts: Buffer[] = []
    for await (const piece of take(bytes)) parts.push(piece)
    return Buffer.concat(parts)
  }
  for (;;) {
    const header = await whole(BLOCK)
    if (header.every((byte) => byte === 0)) return
    const file = readHeader(header)
    yield { ...file, content: take(file.size) }
    await whole(tarPadding(file.size).length)
  }
}

function readHeader(header: Buffer): TarFile {
  const text = (from: number, to: number) => header.toString('utf8', from, to).split('\0', 1)[0] as string
  const octal = (from: number, to: number) => Number.parseInt(text(from, to).trim(), 8)
  const expected = octal(148, 156)
  const blank = Buffer.from(header).fill(' ', 148, 156)
  if (blank.reduce((total, byte) => total + byte, 0) !== expected)
    throw new Error('this is no archive, or it is damaged')
  return { path: text(0, PATH_BYTES), mode: octal(100, 108), size: octal(124, 136) }
}
