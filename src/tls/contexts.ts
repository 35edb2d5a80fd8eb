import { createSecureContext, type SecureContext } from 'node:tls'
import { LRUCache } from 'lru-cache'
import { failure, type Result, success } from '../model/result.ts'
import type { Certificate } from './certificate.ts'
import { type KeyPair, tlsOptions } from './key-pair.ts'

/** With a chain, about 36 KB each (bench/tls.ts). */
export const mostContexts = 1000

/** Makes the context, which takes as much CPU as a handshake. OpenSSL may refuse a certificate, such as one with a short key. */
export function secureContextOf({ certificate, key }: KeyPair, file: string): Result<SecureContext> {
  try {
    return success(createSecureContext({ cert: certificate, key, ...tlsOptions }))
  } catch (error) {
    return failure(`${file} cannot be used: ${(error as Error).message}`)
  }
}

/** The contexts of the certificates that were asked for last. */
export class Contexts {
  readonly #cache: LRUCache<Certificate, SecureContext>
  readonly #loading = new Map<Certificate, Promise<SecureContext | undefined>>()

  constructor(most = mostContexts) {
    this.#cache = new LRUCache({ max: most })
  }

  get size(): number {
    return this.#cache.size
  }

  get(certificate: Certificate): SecureContext | undefined {
    return certificate.kept ?? this.#cache.get(certificate)
  }

  set(certificate: Certificate, context: SecureContext): void {
    this.#cache.set(certificate, context)
  }

  delete(certificate: Certificate): void {
    this.#cache.delete(certificate)
  }

  /** Loads a context once for all who wait for it. */
  load(
    certificate: Certificate,
    read: () => Promise<SecureContext | undefined>,
  ): Promise<SecureContext | undefined> {
    const running = this.#loading.get(certificate)
    if (running) return running
    const loading = read().finally(() => this.#loading.delete(certificate))
    this.#loading.set(certificate, loading)
    return loading
  }
}
