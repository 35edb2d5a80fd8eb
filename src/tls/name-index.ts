import type { Certificate } from './certificate.ts'
import { whyNotValid } from './key-pair.ts'

/** Finds the certificate of a name without looking at a file. */
export class NameIndex {
  readonly #certificates = new Map<string, Certificate>()

  /** Of two certificates for one name, the valid one is found, or else the one that is valid for longer. */
  add(certificate: Certificate, names: readonly string[], now: number): void {
    for (const name of names) {
      const other = this.#certificates.get(name)
      if (!other || rank(certificate, now) > rank(other, now)) this.#certificates.set(name, certificate)
    }
  }

  /** The certificate for the name itself, or for the wildcard above it. One that is not valid is found only if there is no other. */
  find(name: string, now: number): Certificate | undefined {
    const exact = this.#certificates.get(name)
    if (exact && isValid(exact, now)) return exact
    const dot = name.indexOf('.')
    const wildcard = dot === -1 ? undefined : this.#certificates.get(`*${name.slice(dot)}`)
    return wildcard && isValid(wildcard, now) ? wildcard : (exact ?? wildcard)
  }
}

const isValid = ({ facts }: Certificate, now: number): boolean =>
  facts !== undefined && whyNotValid(facts, now) === undefined

const rank = (certificate: Certificate, now: number): number =>
  (isValid(certificate, now) ? Number.MAX_SAFE_INTEGER / 2 : 0) + (certificate.facts?.validTo ?? 0)
