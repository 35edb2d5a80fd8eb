import { gzipSync } from 'node:zlib'
import type { Format } from '../formats/format.ts'
import { type Domain, inULabels } from '../model/address.ts'
import { failure, type Result, success } from '../model/result.ts'
import type { AccountSettings, ClientConfig, IspdbDocument } from '../model/settings.ts'
import { bytesOf, type Rendering } from './rendering.ts'
import { digestOf, markers, Template } from './template.ts'

/**
 * The documents of one format. A format that is not personal is rendered once for each client configuration, as a template for
 * the domain, and once more if it has internationalised domains. A reload makes new client configurations, and the templates of the old ones become garbage with them: nothing is
 * invalidated.
 */
export class Renderings {
  readonly #format: Format
  readonly #templates = {
    ascii: new WeakMap<ClientConfig, Result<Template>>(),
    internationalised: new WeakMap<ClientConfig, Result<Template>>(),
  }

  constructor(format: Format) {
    this.#format = format
  }

  /** For a format that is not personal, and a client configuration without anybody's login name. To be filled with the domain. */
  template(clientConfig: ClientConfig, domain: Domain): Result<Template> {
    const spelling = inULabels(domain) === undefined ? 'ascii' : 'internationalised'
    return memoized(this.#templates[spelling], clientConfig, () => {
      const marker = markers[spelling]
      const text = this.#format.render({ domain: marker, clientConfig })
      return text.ok ? success(new Template(text.value, marker)) : text
    })
  }

  /** The document for a person, rendered now. */
  personal(settings: AccountSettings): Result<Rendering> {
    const text = this.#format.render(settings)
    return text.ok ? success(renderingOf(Buffer.from(text.value))) : text
  }

  /** The document for everybody in the domain, with another text instead of the domain. */
  withPlaceholder(clientConfig: ClientConfig, placeholder: string): Result<Uint8Array> {
    const name = placeholder as Domain
    const template = this.template(clientConfig, name)
    return template.ok ? success(bytesOf(template.value.fill(name))) : failure(template.error)
  }
}

/** Documents of the ISPDB, unchanged. They become garbage together with the resolver that refers to them, like templates. */
export class DocumentRenderings {
  readonly #plain = new WeakMap<IspdbDocument, Rendering>()
  readonly #zipped = new WeakMap<IspdbDocument, Rendering>()

  render(document: IspdbDocument): Rendering {
    return memoized(this.#plain, document, ({ body }) => {
      const bytes = Buffer.from(body)
      return { ...renderingOf(bytes), body: bytes.toString('latin1') }
    })
  }

  renderGzip(document: IspdbDocument): Rendering {
    return memoized(this.#zipped, document, ({ body }) =>
      renderingOf(gzipSync(Buffer.from(body), { level: 9 })),
    )
  }
}

const renderingOf = (body: Uint8Array): Rendering => ({
  body,
  length: body.length,
  etag: `"${digestOf(body)}"`,
})

function memoized<K extends object, V>(cache: WeakMap<K, V>, key: K, make: (key: K) => V): V {
  const known = cache.get(key)
  if (known !== undefined) return known
  const value = make(key)
  cache.set(key, value)
  return value
}
