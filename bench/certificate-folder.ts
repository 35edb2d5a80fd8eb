import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Authority, issue, openAuthority } from '../test/support/certificates.ts'
import { domainAt } from './domains.ts'

/** The files of a certificate. */
export interface KeyPairFiles {
  readonly certificate: string
  readonly key: string
}

/** The name of a domain that mail clients ask over https. */
export const secureNameAt = (index: number): string => `autoconfig.${domainAt(index)}`

/** A directory as dehydrated keeps it: a certificate for each domain (ECDSA, P-256), with the one of its authority. */
export class CertificateFolder {
  readonly directory: string
  readonly #authority: Authority

  private constructor(directory: string, authority: Authority) {
    this.directory = directory
    this.#authority = authority
  }

  /** Certificates for the first `count` domains. */
  static async create(directory: string, count: number): Promise<CertificateFolder> {
    const folder = new CertificateFolder(directory, await openAuthority())
    for (let index = 0; index < count; index++) await folder.#write(index)
    return folder
  }

  filesOf(index: number): KeyPairFiles {
    const directory = join(this.directory, 'certs', domainAt(index))
    return { certificate: join(directory, 'fullchain.pem'), key: join(directory, 'privkey.pem') }
  }

  /** Replaces a certificate by one that has another name as well. */
  async renew(index: number, name: string): Promise<void> {
    await this.#write(index, [name], '.new')
    for (const file of Object.values(this.filesOf(index))) renameSync(`${file}.new`, file)
  }

  async #write(index: number, more: readonly string[] = [], suffix = ''): Promise<void> {
    const domain = domainAt(index)
    const names = [secureNameAt(index), `autodiscover.${domain}`, ...more]
    const [from, to] = [-30, 60].map((days) => new Date(Date.now() + days * day)) as [Date, Date]
    const { certificate, key, authority } = await issue('P-256', to, names, from, this.#authority)
    const files = this.filesOf(index)
    mkdirSync(join(this.directory, 'certs', domain), { recursive: true })
    writeFileSync(files.certificate + suffix, certificate + authority)
    writeFileSync(files.key + suffix, key, { mode: 0o600 })
  }
}

/** Milliseconds. */
const day = 86_400_000
