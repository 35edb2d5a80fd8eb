import type { AccountSettings } from '../domain/settings.ts'

/** Where clients ask for a format. */
export interface Endpoint {
  /** Fastify's notation; `:domain` is the domain that is asked about. */
  readonly path: string
  /** Who asks there, and from which of its names: for `explain` and the documentation. */
  readonly urls?: (domain: string) => readonly string[]
}

/** One way to spell account settings. */
export interface Format {
  /** As on the command line. */
  readonly name: string
  /** `Content-Type`. */
  readonly mediaType: string
  /** Do the bytes depend on the address? Then they are rendered for each request and never cached. */
  readonly personal: boolean
  readonly endpoints: readonly Endpoint[]
  /** The document as text, to be sent in UTF-8. Same settings, same text. */
  render(settings: AccountSettings): string
}
