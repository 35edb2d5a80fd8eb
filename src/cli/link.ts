import { parseTargets, reasons } from '../accounts/accounts.ts'
import type { SetupLinks } from '../links/setup-links.ts'
import { type EmailAddress, formatEmailAddress, parseEmailAddress } from '../model/address.ts'
import { lookupOf } from '../model/lookup.ts'
import { isOneLine } from '../model/one-line.ts'
import { failure, type Result, success } from '../model/result.ts'
import { hasInvisible } from '../model/visible-text.ts'
import { isResolution } from '../resolver/resolution.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { notServed, nthArgument } from './arguments.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface LinkOptions {
  readonly config: string
  readonly login?: string | undefined
  readonly name?: string | undefined
  readonly days: number
  readonly json?: true
}

/**
 * Prints a personal setup link for each address, a line each. Exit code 1 if an address gets none: its domain is not served, or its login name
 * is not known, so that the link would show only the settings that every client gets.
 */
export async function link(asked: readonly string[], options: LinkOptions, io: Io): Promise<ExitCode> {
  const { config: file, login, name, days, json } = options
  const { stdout, stderr } = io
  const addresses = asked.map(parseEmailAddress)
  const wrong = addresses.indexOf(undefined)
  const usage = (message: string) => {
    stderr.write(`${message}\n`)
    return exitCodes.usage
  }
  if (wrong !== -1)
    return usage(`${nthArgument(wrong, asked.length)} is not an address; write one such as jane@example.org`)
  const invalid = Object.entries({ login, name }).find(([, text]) => text !== undefined && !isLinkText(text))
  if (invalid)
    return usage(
      `--${invalid[0]} must be one line of at most 255 characters, without invisible ones; type it again`,
    )
  const unusable = login === undefined ? undefined : whyUnusable(login)
  if (unusable !== undefined) return usage(`--login ${unusable}`)
  if (asked.length > 1 && (login !== undefined || name !== undefined))
    return usage('--login and --name are of one person; use them with one address')
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
    if (days > links.maxDays) {
      stderr.write(`--days must be at most ${links.maxDays}, as links.maxDays says\n`)
      return exitCodes.usage
    }
    const made: { readonly address: string; readonly url: string }[] = []
    for (const address of addresses as EmailAddress[]) {
      const url = await linkTo(address, options, resolver, links)
      if (url.ok) made.push({ address: formatEmailAddress(address), url: url.value })
      else stderr.write(`${url.error}\n`)
    }
    const lines = made.map(({ address, url }) => (asked.length === 1 ? `${url}\n` : `${address} ${url}\n`))
    stdout.write(json ? `${JSON.stringify({ links: made }, null, 2)}\n` : lines.join(''))
    return made.length === asked.length ? exitCodes.ok : exitCodes.failure
  })
}

async function linkTo(
  address: EmailAddress,
  { login, name, days }: LinkOptions,
  resolver: Resolver,
  links: SetupLinks,
): Promise<Result<string>> {
  const found = await resolver.resolve(lookupOf({ address, requestHost: address.domain, link: { login } }))
  if (!isResolution(found)) return failure(notServed(address.domain))
  if (found.clientConfig.hidesLogins)
    return failure(`the login name of ${formatEmailAddress(address)} is not known; use --login LOGIN`)
  return success(await links.make({ address, login, realName: name }, days * 86_400))
}

/** Why no client would be shown the login name. */
function whyUnusable(login: string): string | undefined {
  const [target, ...others] = parseTargets(login)
  if (others.length > 0)
    return `must be one login name; put a login name with blanks or commas in double quotes, as in '"jane doe"'`
  if (!target || 'none' in target)
    return `must be a login name, but it ${reasons[target?.none ?? 'unreadable']}`
  return undefined
}

const isLinkText = (text: string): boolean =>
  text !== '' && text.length <= 255 && isOneLine(text) && !hasInvisible(text)
