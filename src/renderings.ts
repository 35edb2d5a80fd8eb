import { createHash } from 'node:crypto'
import { constants, crc32, deflateRawSync } from 'node:zlib'
import type { Domain } from './domain/address.ts'
import type { AccountSettings, Provider } from './domain/settings.ts'
import type { Format } from './formats/format.ts'

/** A finished answer. */
export interface Rendering {
  /** In UTF-8, or in Latin-1 where `encoding` says so: then it is ASCII, and Node writes it twice as fast. */
  readonly body: string | Uint8Array
  readonly encoding: 'utf8' | 'latin1'
  /** In bytes. */
  readonly length: number
  /** Strong, in quotes; no two bodies of one URL share it. */
  readonly etag: string
}

/** The bytes of an answer. */
export function bytesOf({ body, encoding }: Rendering): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body, encoding) : body
}

/** A name that no document holds by itself (RFC 6761, "invalid."). */
const marker = 'domain-goes-here.invalid' as Domain

/**
 * Settings and format -> bytes. What does not depend on the address is rendered once for each provider, with a marker
 * in place of the domain, and cut there; an answer is the pieces with the domain between them. A domain is letters,
 * digits, hyphens and dots, which no format escapes. A reload makes new providers, and the pieces of the old are
 * garbage with them: there is nothing to invalidate.
 */
export class Renderings {
  readonly #templates = new Map<Format, WeakMap<Provider, Template>>()

  render(format: Format, settings: AccountSettings): Rendering {
    return format.personal
      ? whole(format.render(settings))
      : this.#template(format, settings).fill(settings.domain)
  }

  /** The same, compressed (RFC 1952); `undefined` for personal answers, which are too few to be worth it. */
  renderGzip(format: Format, settings: AccountSettings): Rendering | undefined {
    return format.personal ? undefined : this.#template(format, settings).fillGzip(settings.domain)
  }

  #template(format: Format, { provider }: AccountSettings): Template {
    let templates = this.#templates.get(format)
    if (!templates) {
      templates = new WeakMap()
      this.#templates.set(format, templates)
    }
    let template = templates.get(provider)
    if (!template) {
      template = new Template(format.render({ domain: marker, provider }))
      templates.set(provider, template)
    }
    return template
  }
}

function whole(text: string): Rendering {
  const body = Buffer.from(text)
  return { body, encoding: 'utf8', length: body.length, etag: `"${digest(text)}"` }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16)

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ascii = /^[\x00-\x7f]*$/

/** A document with the domain left out. */
class Template {
  readonly #pieces: readonly string[]
  readonly #length: number
  readonly #encoding: 'utf8' | 'latin1'
  readonly #digest: string
  #deflated: readonly Uint8Array[] | undefined

  constructor(text: string) {
    this.#encoding = ascii.test(text) ? 'latin1' : 'utf8'
    // Made anew from bytes: a piece of a text that was read with others in two bytes a letter would stay so.
    this.#pieces = text
      .split(marker)
      .map((piece) => Buffer.from(piece, this.#encoding).toString(this.#encoding))
    this.#length = Buffer.byteLength(text) - (this.#pieces.length - 1) * marker.length
    this.#digest = digest(text)
  }

  fill(domain: Domain): Rendering {
    const pieces = this.#pieces
    let body = pieces[0] as string
    for (let i = 1; i < pieces.length; i++) body += domain + pieces[i]
    return {
      body,
      encoding: this.#encoding,
      length: this.#length + (pieces.length - 1) * domain.length,
      // The domain is part of it: what one URL is answered with may pass from one domain to another.
      etag: `"${this.#digest}-${domain}"`,
    }
  }

  /**
   * A gzip file put together like the text: each piece was deflated once, up to a byte boundary, and the domain goes
   * between them as a stored block (RFC 1951, section 3.2.4). Only the checksum is computed anew.
   */
  fillGzip(domain: Domain): Rendering {
    this.#deflated ??= this.#pieces.map((piece, index) =>
      deflateRawSync(piece, {
        level: 9,
        finishFlush: index === this.#pieces.length - 1 ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
      }),
    )
    const { body: text, length } = this.fill(domain)
    const stored = Buffer.alloc(5 + domain.length)
    stored.writeUInt16LE(domain.length, 1)
    stored.writeUInt16LE(~domain.length & 0xffff, 3)
    stored.write(domain, 5, 'latin1')
    const trailer = Buffer.alloc(8)
    trailer.writeUInt32LE(crc32(text), 0)
    trailer.writeUInt32LE(length, 4)
    const body = Buffer.concat([
      gzipHeader,
      ...this.#deflated.flatMap((piece, index) => (index === 0 ? [piece] : [stored, piece])),
      trailer,
    ])
    return { body, encoding: 'utf8', length: body.length, etag: `"${this.#digest}-${domain}-gzip"` }
  }
}

/** Deflate, no flags, no time, best compression, system unknown (RFC 1952, section 2.3): same input, same bytes. */
const gzipHeader = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255)
