import { drawQrCode, type Picture } from '../documents/qr-code.ts'
import { bytesOf, Renderings } from '../documents/renderings.ts'
import { type Format, isExpressible } from '../formats/format.ts'
import { formats } from '../formats/index.ts'
import { suggestion } from '../reading/suggestion.ts'
import { isDocument } from '../resolver/resolver.ts'
import { ProfileSigner } from '../signing/profile-signer.ts'
import { type PersonOptions, personOf, readAddressOrDomain } from './arguments.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface RenderOptions extends PersonOptions {
  readonly config: string
  /** Draw the document as a QR code. */
  readonly terminal?: true
  readonly svg?: true
  readonly png?: true
}

/** Prints the bytes that the server would send, and nothing else, so that they can be compared and piped. */
export async function render(name: string, asked: string, options: RenderOptions, io: Io): Promise<ExitCode> {
  const { stdout, stderr, now } = io
  const format = formats.find((candidate) => candidate.name === name)
  if (!format) {
    const names = formats.map((candidate) => candidate.name)
    stderr.write(
      `there is no format "${name}"${suggestion(name, names) || `; there are ${names.join(', ')}`}\n`,
    )
    return exitCodes.usage
  }
  const lookup = readAddressOrDomain(asked)
  if (!lookup) {
    stderr.write(`"${asked}" is neither an address nor a domain\n`)
    return exitCodes.usage
  }
  const picture = (['terminal', 'svg', 'png'] as const).find((candidate) => options[candidate])
  const drawn = formats.filter(({ endpoints }) => endpoints.some((endpoint) => endpoint.picture))
  if (picture && !drawn.includes(format)) {
    stderr.write(`--${picture} goes with ${drawn.map((candidate) => candidate.name).join(' and ')} only\n`)
    return exitCodes.usage
  }
  return withResolver(options.config, io, async (resolver) => {
    const whom = format.verbatim ? { host: lookup.host } : { ...lookup, ...personOf(options) }
    const serve = widestServing(format)
    const found = await (serve ? resolver.settingsOrDocument(whom, serve) : resolver.settings(whom))
    if (!found) {
      stderr.write(`nobody serves ${lookup.domain}; "mail-autoconfig explain ${lookup.domain}" tells why\n`)
      return exitCodes.failure
    }
    if (isDocument(found)) {
      stdout.write(found.body)
      return exitCodes.ok
    }
    const rendering = new Renderings(format).render(found)
    if (!isExpressible(rendering)) {
      stderr.write(`no ${name} for ${found.domain}: ${rendering.notExpressible}\n`)
      return exitCodes.failure
    }
    const signer = new ProfileSigner({ now, onProblem: (problem) => stderr.write(`${problem}\n`) })
    const bytes = bytesOf(rendering)
    const signed = format.signed ? await signer.sign(bytes, resolver.config.signing) : bytes
    stdout.write(picture ? await draw(signed, picture) : signed)
    return exitCodes.ok
  })
}

/** Where the format is asked for, and most documents of the ISPDB answer. */
const widestServing = ({ endpoints }: Format) =>
  endpoints.find(({ serve }) => serve === 'ispdb')?.serve ?? endpoints.find(({ serve }) => serve)?.serve

const draw = (bytes: Uint8Array, picture: Picture): Promise<Uint8Array> =>
  drawQrCode(Buffer.from(bytes).toString(), picture)
