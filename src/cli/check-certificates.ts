import type { Config } from '../config/config.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { serviceNames } from '../model/service-names.ts'
import { exposureOf } from '../reading/exposure.ts'
import { inBatches } from '../reading/in-batches.ts'
import { howToProtect } from '../reading/reading.ts'
import type { Resolver } from '../resolver/resolver.ts'
import type { Certificate } from '../tls/certificate.ts'
import { Certificates } from '../tls/certificates.ts'

/** Of each kind of problem; the others are counted. */
const mostListed = 20

/** Names that are listed in one warning. */
const mostNames = 5

/** Milliseconds that the files may take altogether. */
const patience = 120_000

/** The problems of the certificates of `tls:`. The server starts nevertheless, so they are warnings. */
export async function certificateWarnings(resolver: Resolver, now: () => Date): Promise<Diagnostic[]> {
  const { tls: settings, publicName } = resolver.config
  if (!settings) return []
  const certificates = new Certificates({ settings, publicName, now, onProblem: () => undefined })
  await certificates.ready(patience)
  certificates.close()
  const { all } = certificates
  const found = await inBatches(all, (certificate) => findingsOf(certificate, now().getTime()))
  const kinds = ['broken', 'chain', 'exposed'] as const
  return [
    ...folderWarnings(settings, certificates),
    ...kinds.flatMap((kind) => listed(found.flatMap((findings) => findings[kind] ?? []))),
    ...missingNames(resolver, certificates, settings),
  ]
}

type Settings = NonNullable<Config['tls']>

interface Findings {
  readonly broken?: Diagnostic | undefined
  readonly chain?: Diagnostic | undefined
  readonly exposed?: Diagnostic | undefined
}

async function findingsOf(certificate: Certificate, now: number): Promise<Findings> {
  const { files, facts } = certificate
  const at = (message: string): Diagnostic => ({ ...files.place, message })
  const broken = certificate.messageAt(now)
  const exposure = facts && (await exposureOf(files.key))
  return {
    ...(broken !== undefined && { broken: at(broken) }),
    ...(facts?.hasChain === false && { chain: at(`${files.certificate} ${withoutChain}`) }),
    ...(exposure !== undefined && { exposed: at(`${files.key} ${exposure}; ${howToProtect}`) }),
  }
}

const withoutChain =
  'contains only one certificate, so most clients reject it; append the certificates of its issuers (fullchain.pem)'

function folderWarnings({ folder }: Settings, { all, folderProblem }: Certificates): Diagnostic[] {
  if (!folder) return []
  const { place, directory } = folder
  if (folderProblem !== undefined) return [{ ...place, message: folderProblem }]
  const hasAny = all.some(({ files, facts, problem }) => files.place === place && (facts ?? problem))
  return hasAny ? [] : [{ ...place, message: `${directory} ${howAFolderLooks}` }]
}

const howAFolderLooks =
  'contains no certificate; it must be a directory of dehydrated (certs), lego (certificates) or certbot (live), or one with NAME/fullchain.pem and NAME/privkey.pem'

/** The names that mail clients ask first over https: those of the service, and `autoconfig.` of each domain. */
function missingNames(resolver: Resolver, certificates: Certificates, settings: Settings): Diagnostic[] {
  const place = settings.folder?.place ?? settings.certificates[0]?.place
  const { publicName } = resolver.config
  const missing: string[] = []
  let count = 0
  const look = (name: string): void => {
    if (certificates.covers(name)) return
    count++
    if (missing.length < mostNames) missing.push(name)
  }
  if (publicName !== undefined) look(publicName)
  for (const pattern of resolver.patterns()) {
    // `.example.org` stands for any subdomain.
    if (pattern.startsWith('.')) continue
    const name = `${serviceNames.autoconfig}.${pattern}`
    if (name !== publicName) look(name)
  }
  if (!place || count === 0) return []
  const others = count - missing.length
  const more = others > 0 ? ` and ${others.toLocaleString('en')} more` : ''
  const message = `no valid certificate for ${missing.join(', ')}${more}; clients that ask there over https get an error`
  return [{ ...place, message }]
}

function listed(warnings: readonly Diagnostic[]): Diagnostic[] {
  const [next, ...others] = warnings.slice(mostListed)
  if (!next || others.length === 0) return [...warnings]
  const count = 1 + others.length
  const message = `${count.toLocaleString('en')} more certificates have the same kind of problem`
  return [...warnings.slice(0, mostListed), { ...next, message, count }]
}
