import { parseEmailAddress } from '../model/address.ts'
import { lookupOf } from '../model/lookup.ts'
import { isOneLine } from '../model/one-line.ts'
import { isResolution } from '../resolver/resolution.ts'
import { notServed } from './arguments.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface LinkOptions {
  readonly config: string
  readonly login?: string | undefined
  readonly name?: string | undefined
  readonly days: number
}

/** Prints a personal setup link. */
export async function link(
  asked: string,
  { config: file, login, name, days }: LinkOptions,
  io: Io,
): Promise<ExitCode> {
  const { stdout, stderr } = io
  const address = parseEmailAddress(asked)
  if (!address) {
    stderr.write(`"${asked}" is not an address\n`)
    return exitCodes.usage
  }
  const invalid = Object.entries({ login, name }).find(([, text]) => text !== undefined && !isLinkText(text))
  if (invalid) {
    stderr.write(`--${invalid[0]} must be one line of at most 255 characters\n`)
    return exitCodes.usage
  }
  return withResolver(file, io, async (resolver) => {
    const { links } = resolver
    if (!links?.canSign) {
      stderr.write(
        links
          ? `${file}: links.keys contains only public keys; create links where the private key is\n`
          : `${file}: links is missing: set the URL of this service and a key to sign links with\n`,
      )
      return exitCodes.failure
    }
    const found = await resolver.resolve(lookupOf({ address, requestHost: address.domain, link: { login } }))
    if (!isResolution(found)) {
      stderr.write(`${notServed(address.domain)}\n`)
      return exitCodes.failure
    }
    if (found.clientConfig.hidesLogins)
      stderr.write(
        'note: this address has no known login name, so the link shows only what every client gets\n',
      )
    stdout.write(`${await links.make({ address, login, realName: name }, days * 86_400)}\n`)
    return exitCodes.ok
  })
}

const isLinkText = (text: string): boolean => text !== '' && text.length <= 255 && isOneLine(text)
