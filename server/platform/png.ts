import { crc32, deflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
const PALETTE = 3
const RGBA = 6

export interface PngPixels {
  readonly width: number
  readonly height: number
  /** Row after row: four bytes a pixel (red, green, blue, opacity), or with a palette one, the place of its colour. */
  readonly pixels: Buffer
  /** At most 256 colours, three bytes each. */
  readonly palette?: Buffer
}

/** A PNG of 8 bits a sample (ISO/IEC 15948), every row without a filter. */
export function encodePng({ width, height, pixels, palette }: PngPixels): Buffer {
  const stride = width * (palette ? 1 : 4)
  const rows = Buffer.alloc(height * (stride + 1))
  for (let row = 0; row < height; row++) {
    pixels.copy(rows, row * (stride + 1) + 1, row * stride, (row + 1) * stride)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, palette ? PALETTE : RGBA], 8)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', palette)] : []),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
