import { formats } from '../documents/formats.ts'
import { drawQrCode, type Picture } from '../documents/qr-code.ts'
import type { Format } from '../formats/format.ts'
import type { Domain } from '../model/address.ts'
import { type LookupValues, lookupOf } from '../model/lookup.ts'
import { accountSettings } from '../model/settings.ts'
import { suggestion } from '../reading/suggestion.ts'
import { isDocument, isResolution } from '../resolver/resolution.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { ProfileSigner } from '../signing/profile-signer.ts'
import {
  neitherAddressNorDomain,
  notServed,
  type PersonOptions,
  personOf,
  readAddressOrDomain,
} from './arguments.ts'
import { dns } from './dns.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface RenderOptions extends PersonOptions {
  readonly config: string
  /** Draw the document as a QR code. */
  readonly terminal?: true | undefined
  readonly svg?: true | undefined
  readonly png?: true | undefined
}

/** A zone is not the document of a format, but people look for it here as well: `dns` prints it. */
const zone = 'dns-zone'

export const renderableNames: readonly string[] = [...formats.map(({ name }) => name), zone]

/** Prints the bytes that the server would send, and nothing else, so that they can be compared and piped. */
export async function render(name: string, asked: string, options: RenderOptions, io: Io): Promise<ExitCode> {
  const { stderr } = io
  const target = readAddressOrDomain(asked)
  if (!target) {
    stderr.write(`${neitherAddressNorDomain.replace('the argument', 'the second argument')}\n`)
    return exitCodes.usage
  }
  if (name === zone) return dns([target.domain], { config: options.config, format: 'bind' }, io)
  const format = formats.find((candidate) => candidate.name === name)
  if (!format) {
    const near = suggestion(name, renderableNames)
    stderr.write(`there is no such format${near || `; the formats are ${renderableNames.join(', ')}`}\n`)
    return exitCodes.usage
  }
  const picture = (['terminal', 'svg', 'png'] as const).find((candidate) => options[candidate])
  const drawable = formats.filter(({ endpoints }) => endpoints.some((endpoint) => endpoint.picture))
  if (picture && !drawable.includes(format)) {
    stderr.write(`--${picture} requires ${drawable.map((candidate) => candidate.name).join(' or ')}\n`)
    return exitCodes.usage
  }
  return withResolver(options.config, io, (resolver) =>
    print(format, { ...target, ...personOf(options) }, picture, resolver, io),
  )
}

async function print(
  format: Format,
  { domain, ...person }: LookupValues & { readonly domain: Domain },
  picture: Picture | undefined,
  resolver: Resolver,
  { stdout, stderr, now }: Io,
): Promise<ExitCode> {
  // A document with a published digest is the same for everyone in the domain.
  const values = format.verbatim ? {} : format.forEverybody ? { domain } : { domain, ...person }
  const lookup = lookupOf({ ...values, requestHost: domain })
  const serve = widestServing(format)
  const found = await (serve ? resolver.resolveDocument(lookup, serve) : resolver.resolve(lookup))
  if (isDocument(found)) {
    stdout.write(found.document.body)
    return exitCodes.ok
  }
  if (!isResolution(found)) {
    stderr.write(`${notServed(domain)}\n`)
    return exitCodes.failure
  }
  const text = format.render(accountSettings(found.domain, found.clientConfig, lookup.person()))
  if (!text.ok) {
    stderr.write(`no ${format.name} for ${found.domain}: ${text.error}\n`)
    return exitCodes.failure
  }
  const signer = new ProfileSigner({ now, onProblem: (problem) => stderr.write(`${problem}\n`) })
  const bytes = Buffer.from(text.value)
  const signed = format.signed ? await signer.sign(bytes, resolver.config.signing) : bytes
  stdout.write(picture ? await drawQrCode(text.value, picture) : signed)
  return exitCodes.ok
}

/** The endpoint where most documents of the ISPDB are served. */
const widestServing = ({ endpoints }: Format) =>
  endpoints.find(({ serve }) => serve === 'ispdb')?.serve ?? endpoints.find(({ serve }) => serve)?.serve
