import { parseEmailAddress } from '../model/address.ts'
import { isOneLine } from '../model/one-line.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface LinkOptions {
  readonly config: string
  readonly login?: string
  readonly name?: string
  readonly days: number
}

/** Prints a personal set-up link. */
export function link(
  asked: string,
  { config: file, login, name, days }: LinkOptions,
  io: Io,
): Promise<ExitCode> | ExitCode {
  const { stdout, stderr } = io
  const address = parseEmailAddress(asked)
  if (!address) {
    stderr.write(`"${asked}" is not an address\n`)
    return exitCodes.usage
  }
  const wrong = Object.entries({ login, name }).find(([, text]) => text !== undefined && !isLinkText(text))
  if (wrong) {
    stderr.write(`--${wrong[0]} must be one line of at most 255 characters\n`)
    return exitCodes.usage
  }
  return withResolver(file, io, async (resolver) => {
    const { links } = resolver
    if (!links?.canSign) {
      stderr.write(
        links
          ? `${file}: links.keys holds only public keys: who has the private one makes the links\n`
          : `${file}: links is missing: the URL of this service, and the keys that links are signed with\n`,
      )
      return exitCodes.failure
    }
    const person = { domain: address.domain, host: address.domain, address, viaLink: true, login } as const
    const settings = await resolver.settings(person)
    if (!settings) {
      stderr.write(`nobody serves ${address.domain}; "mail-autoconfig explain ${address.domain}" tells why\n`)
      return exitCodes.failure
    }
    if (settings.clientConfig.ownLogins) {
      stderr.write('note: no login is known for it; the link tells what every client of the domain is told\n')
    }
    stdout.write(`${await links.make({ address, login, realName: name }, days * 86_400)}\n`)
    return exitCodes.ok
  })
}

const isLinkText = (text: string): boolean => text !== '' && text.length <= 255 && isOneLine(text)
