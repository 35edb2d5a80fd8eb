import { createHash } from 'node:crypto'
import { constants, crc32, deflateRawSync } from 'node:zlib'
import { type Domain, inULabels } from '../model/address.ts'
import { bytesOf, type Rendering } from './rendering.ts'

/** Domains that no document contains by itself (RFC 6761, "invalid."). */
export const markers = {
  ascii: 'domain-goes-here.invalid' as Domain,
  /** For domains with A-labels, which documents can contain in U-labels, too. */
  internationalised: 'xn--dmain-goes-here-8sb.invalid' as Domain,
} as const

/** The marker for templates that a domain is filled into. */
export const markerFor = (domain: Domain): Domain =>
  inULabels(domain) === undefined ? markers.ascii : markers.internationalised

/**
 * A document that was rendered with a marker as its domain, split at the marker. An answer is the pieces with the domain
 * between them. A domain consists of letters, digits, hyphens and dots, which no format escapes.
 */
export class Template {
  /** One character for each byte. */
  readonly #pieces: readonly string[]
  /** For each piece: is the domain before it in U-labels? */
  readonly #inULabels: readonly boolean[]
  readonly #hasULabels: boolean
  readonly #digest: string
  #deflated: readonly Uint8Array[] | undefined

  constructor(text: string, marker: Domain) {
    const unicode = inULabels(marker)
    const pieces = text.split(marker).map((piece) => (unicode === undefined ? [piece] : piece.split(unicode)))
    this.#pieces = pieces.flat().map(oneCharacterPerByte)
    this.#inULabels = pieces.flatMap((list) => list.map((_, index) => index > 0))
    this.#hasULabels = this.#inULabels.includes(true)
    this.#digest = digestOf(text)
  }

  fill(domain: Domain): Rendering {
    const pieces = this.#pieces
    const unicode = this.#unicodeOf(domain)
    let body = pieces[0] as string
    for (let i = 1; i < pieces.length; i++) body += (this.#inULabels[i] ? unicode : domain) + pieces[i]
    // The domain is part of the ETag: a URL can be answered for another domain later.
    return { body, length: body.length, etag: `"${this.#digest}-${domain}"` }
  }

  /**
   * The same as a gzip file (RFC 1952). Each piece is deflated once, up to a byte boundary; the domain goes between them as a
   * stored block (RFC 1951, section 3.2.4). Only the checksum is computed for each answer.
   */
  fillGzip(domain: Domain): Rendering {
    this.#deflated ??= this.#pieces.map((piece, index) =>
      deflateRawSync(bytesOf({ body: piece }), {
        level: 9,
        finishFlush: index === this.#pieces.length - 1 ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
      }),
    )
    const text = bytesOf(this.fill(domain))
    const ascii = storedBlock(domain)
    const unicode = this.#hasULabels ? storedBlock(this.#unicodeOf(domain)) : ascii
    const trailer = Buffer.alloc(8)
    trailer.writeUInt32LE(crc32(text), 0)
    trailer.writeUInt32LE(text.length, 4)
    const body = Buffer.concat([
      gzipHeader,
      ...this.#deflated.flatMap((piece, index) =>
        index === 0 ? [piece] : [this.#inULabels[index] ? unicode : ascii, piece],
      ),
      trailer,
    ])
    return { body, length: body.length, etag: `"${this.#digest}-${domain}-gzip"` }
  }

  /** The domain in U-labels, one character for each byte, if the document contains it. */
  #unicodeOf(domain: Domain): string {
    return this.#hasULabels ? oneCharacterPerByte(inULabels(domain) as string) : domain
  }
}

const oneCharacterPerByte = (text: string): string => Buffer.from(text).toString('latin1')

/** The text, with one character for each byte, in a block of deflate that is not compressed. */
function storedBlock(text: string): Uint8Array {
  const block = Buffer.alloc(5 + text.length)
  block.writeUInt16LE(text.length, 1)
  block.writeUInt16LE(~text.length & 0xffff, 3)
  block.write(text, 5, 'latin1')
  return block
}

/** Deflate, no flags, no time, best compression, unknown system (RFC 1952, section 2.3): same input, same bytes. */
const gzipHeader = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255)

export const digestOf = (text: string | Uint8Array): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 16)
