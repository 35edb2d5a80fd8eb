import { crc32, deflateSync } from 'node:zlib'

/** Black and white squares in a square. */
export interface Grid {
  /** Squares in a row. */
  readonly size: number
  /** Row by row; 1 is black. */
  readonly data: ArrayLike<number>
}

/** Pixels of a side of a square: at one bit for each pixel, a square is one byte in each of its rows. */
const scale = 8

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
/** One bit for each pixel, greyscale, and the only methods there are (PNG, section 11.2.1). */
const format = Uint8Array.of(1, 0, 0, 0, 0)

/** A PNG (ISO/IEC 15948) with a margin of so many white squares. */
export function png({ size, data }: Grid, margin: number): Uint8Array {
  const squares = size + 2 * margin
  const rowLength = 1 + squares
  const pixels = Buffer.alloc(rowLength * squares * scale, 0xff)
  // The first byte of a row is its filter: none.
  for (let row = 0; row < squares * scale; row++) pixels[row * rowLength] = 0
  for (let y = 0; y < size; y++) {
    const first = (margin + y) * scale * rowLength
    for (let x = 0; x < size; x++) if (data[y * size + x]) pixels[first + 1 + margin + x] = 0
    for (let copy = 1; copy < scale; copy++)
      pixels.copy(pixels, first + copy * rowLength, first, first + rowLength)
  }
  const header = Buffer.alloc(8)
  header.writeUInt32BE(squares * scale, 0)
  header.writeUInt32BE(squares * scale, 4)
  return Buffer.concat([
    signature,
    chunk('IHDR', Buffer.concat([header, format])),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** PNG, section 5.3. */
function chunk(type: string, content: Uint8Array): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type, 'latin1'), content, Buffer.alloc(4)])
  bytes.writeUInt32BE(content.length, 0)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4)
  return bytes
}
