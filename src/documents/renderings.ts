import { createHash } from 'node:crypto'
import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { type Format, isExpressible, type NotExpressible } from '../formats/format.ts'
import type { Domain } from '../model/address.ts'
import type { AccountSettings, ClientConfig, IspdbDocument } from '../model/settings.ts'

/** A finished answer. */
export interface Rendering {
  /**
   * The bytes, or a text with one character for each byte: to be written as Latin-1, which Node does several times
   * faster than UTF-8, though the bytes are those of UTF-8.
   */
  readonly body: string | Uint8Array
  /** In bytes. */
  readonly length: number
  /** Strong, in quotes; no two bodies of one URL share it. */
  readonly etag: string
}

/** The bytes of an answer. */
export function bytesOf({ body }: Pick<Rendering, 'body'>): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body, 'latin1') : body
}

/** A name that no document holds by itself (RFC 6761, "invalid."). */
const marker = 'domain-goes-here.invalid' as Domain

/**
 * Settings -> bytes, in one format. What does not depend on the address is rendered once for each provider, with a marker
 * in place of the domain, and cut there; an answer is the pieces with the domain between them. A domain is letters,
 * digits, hyphens and dots, which no format escapes. A reload makes new providers, and the pieces of the old are
 * garbage with them: there is nothing to invalidate.
 */
export class Renderings {
  readonly #format: Format
  readonly #templates = new WeakMap<ClientConfig, Template | NotExpressible>()

  constructor(format: Format) {
    this.#format = format
  }

  render(settings: AccountSettings): Rendering | NotExpressible {
    if (this.#format.personal || settings.personal) {
      const text = this.#format.render(settings)
      return isExpressible(text) ? wholeRendering(Buffer.from(text)) : text
    }
    const template = this.#template(settings.clientConfig)
    return isExpressible(template) ? template.fill(settings.domain) : template
  }

  /** The document of everybody of the provider, with another text in place of the domain. */
  renderWith(clientConfig: ClientConfig, placeholder: string): Uint8Array | NotExpressible {
    const template = this.#template(clientConfig)
    return isExpressible(template) ? bytesOf(template.fill(placeholder as Domain)) : template
  }

  /** The same, compressed (RFC 1952); `undefined` for what is not cut into pieces, or may not be compressed. */
  renderGzip(settings: AccountSettings): Rendering | undefined {
    if (this.#format.personal || settings.personal || this.#format.verbatim) return undefined
    const template = this.#template(settings.clientConfig)
    return isExpressible(template) ? template.fillGzip(settings.domain) : undefined
  }

  #template(clientConfig: ClientConfig): Template | NotExpressible {
    return kept(this.#templates, clientConfig, () => {
      const text = this.#format.render({ domain: marker, clientConfig })
      return isExpressible(text) ? new Template(text) : text
    })
  }
}

/** Documents that are sent as they stand; garbage with the directory that held them, like templates. */
export class DocumentRenderings {
  readonly #plain = new WeakMap<IspdbDocument, Rendering>()
  readonly #zipped = new WeakMap<IspdbDocument, Rendering>()

  render(document: IspdbDocument): Rendering {
    return kept(this.#plain, document, ({ body }) => {
      const bytes = Buffer.from(body)
      return { ...wholeRendering(bytes), body: bytes.toString('latin1') }
    })
  }

  renderGzip(document: IspdbDocument): Rendering {
    return kept(this.#zipped, document, ({ body }) =>
      wholeRendering(gzipSync(Buffer.from(body), { level: 9 })),
    )
  }
}

function kept<K extends object, V>(made: WeakMap<K, V>, key: K, make: (key: K) => V): V {
  const known = made.get(key)
  if (known !== undefined) return known
  const value = make(key)
  made.set(key, value)
  return value
}

/** An answer of bytes that no template gave. */
export function wholeRendering(body: Uint8Array): Rendering {
  return { body, length: body.length, etag: `"${digest(body)}"` }
}

const digest = (text: string | Uint8Array): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 16)

/** A document with the domain left out. */
class Template {
  /** One character for each byte. */
  readonly #pieces: readonly string[]
  readonly #digest: string
  #deflated: readonly Uint8Array[] | undefined

  constructor(text: string) {
    this.#pieces = Buffer.from(text).toString('latin1').split(marker)
    this.#digest = digest(text)
  }

  fill(domain: Domain): Rendering {
    const pieces = this.#pieces
    let body = pieces[0] as string
    for (let i = 1; i < pieces.length; i++) body += domain + pieces[i]
    // The domain is part of the ETag: what one URL is answered with may pass from one domain to another.
    return { body, length: body.length, etag: `"${this.#digest}-${domain}"` }
  }

  /**
   * A gzip file put together like the text: each piece was deflated once, up to a byte boundary, and the domain goes
   * between them as a stored block (RFC 1951, section 3.2.4). Only the checksum is computed anew.
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

/** Deflate, no flags, no time, best compression, system unknown (RFC 1952, section 2.3): same input, same bytes. */
const gzipHeader = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255)
