import { createHash } from 'node:crypto'
import { constants, crc32, deflateRawSync } from 'node:zlib'
import type { Domain } from '../model/address.ts'
import { bytesOf, type Rendering } from './rendering.ts'

/** A domain that no document contains by itself (RFC 6761, "invalid."). */
export const marker = 'domain-goes-here.invalid' as Domain

/**
 * A document that was rendered with the marker as its domain, split at the marker. An answer is the pieces with the domain
 * between them. A domain consists of letters, digits, hyphens and dots, which no format escapes.
 */
export class Template {
  /** One character for each byte. */
  readonly #pieces: readonly string[]
  readonly #digest: string
  #deflated: readonly Uint8Array[] | undefined

  constructor(text: string) {
    this.#pieces = Buffer.from(text).toString('latin1').split(marker)
    this.#digest = digestOf(text)
  }

  fill(domain: Domain): Rendering {
    const pieces = this.#pieces
    let body = pieces[0] as string
    for (let i = 1; i < pieces.length; i++) body += domain + pieces[i]
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
    const stored = Buffer.alloc(5 + domain.length)
    stored.writeUInt16LE(domain.length, 1)
    stored.writeUInt16LE(~domain.length & 0xffff, 3)
    stored.write(domain, 5, 'latin1')
    const trailer = Buffer.alloc(8)
    trailer.writeUInt32LE(crc32(text), 0)
    trailer.writeUInt32LE(text.length, 4)
    const body = Buffer.concat([
      gzipHeader,
      ...this.#deflated.flatMap((piece, index) => (index === 0 ? [piece] : [stored, piece])),
      trailer,
    ])
    return { body, length: body.length, etag: `"${this.#digest}-${domain}-gzip"` }
  }
}

/** Deflate, no flags, no time, best compression, unknown system (RFC 1952, section 2.3): same input, same bytes. */
const gzipHeader = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255)

export const digestOf = (text: string | Uint8Array): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 16)
