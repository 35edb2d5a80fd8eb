import type { Pattern } from '../domains/pattern.ts'
import type { Domain } from '../model/address.ts'
import type { ClientConfig, IspdbDocument } from '../model/settings.ts'

/** Why a domain has its client configuration. */
export type Reason =
  /** An entry of `domains:` or of a map file; `Resolver.ruleFor` returns its file and line. */
  | { readonly kind: 'mapped'; readonly pattern: Pattern }
  /** The client asked at the host name of a mail host, as clients that follow the MX do. */
  | { readonly kind: 'hostName' }
  /** The client asked at the provider's own domain, and `provider.defaultHost` names this host. */
  | { readonly kind: 'defaultHost' }
  /** A backend, by its name, returned this host. */
  | { readonly kind: 'backend'; readonly backend: string }
  /** A backend cannot say now, so the default host, or the only host, answers for domains that it may know. */
  | { readonly kind: 'backendUnavailable' }

/** The client configuration of a domain, and why, before login names are filled in. */
export interface Candidate {
  readonly domain: Domain
  readonly clientConfig: ClientConfig
  readonly reason: Reason
}

/** The client configuration that one client gets. */
export interface Resolution extends Candidate {
  /** The client configuration contains a person's login name, or would for another address: no cache may store the answer. */
  readonly confidential: boolean
  /** `false` if a backend that counts here did not answer, or gave an answer that may be outdated: no cache may store it. */
  readonly certain: boolean
}

/** A document of the ISPDB for the domain. */
export interface FoundDocument {
  readonly domain: Domain
  readonly document: IspdbDocument
  /** `false` if a backend that could know the domain did not answer: no cache may store the answer. */
  readonly certain: boolean
}

/** The domain is not served. */
export interface NotFound {
  /** `false` if a backend that could know the domain did not answer: no cache may store the answer. */
  readonly certain: boolean
}

export const notFound: NotFound = { certain: true }
export const notFoundForNow: NotFound = { certain: false }

export type Found = Resolution | FoundDocument | NotFound

export const isResolution = (found: Found): found is Resolution => 'clientConfig' in found

export const isDocument = (found: Found): found is FoundDocument => 'document' in found
