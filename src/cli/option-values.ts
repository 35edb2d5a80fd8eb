import { isIP } from 'node:net'
import { InvalidArgumentError } from '@commander-js/extra-typings'
import { longestPath } from '../http/unix-socket.ts'
import { parseDomain } from '../model/address.ts'
import { type IpAndPort, parseIpAndPort } from '../reading/ip-and-port.ts'

/** The parsers of option values. Each throws `InvalidArgumentError`, which commander prints. */

export function days(text: string): number {
  const number = Number(text)
  if (/^\d{1,4}$/.test(text) && number >= 1 && number <= 3650) return number
  throw new InvalidArgumentError('must be a number of days from 1 to 3650.')
}

export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('must be a whole number.')
}

export function seconds(text: string): number {
  const number = Number(text)
  if (/^\d{1,4}$/.test(text) && number >= 1 && number <= 3600) return number
  throw new InvalidArgumentError('must be a number of seconds from 1 to 3600.')
}

export function port(text: string): number {
  const number = Number(text)
  if (/^\d{1,5}$/.test(text) && number <= 65535) return number
  throw new InvalidArgumentError('must be a port, a number from 0 to 65535.')
}

/** The path of a unix socket. */
export function socketPath(text: string): string {
  if (Buffer.byteLength(text) <= longestPath) return text
  throw new InvalidArgumentError(`must be a path of at most ${longestPath} bytes.`)
}

/** Permissions, as chmod(1) takes them. */
export function socketMode(text: string): number {
  if (/^0?[0-7]{3}$/.test(text)) return Number.parseInt(text, 8)
  throw new InvalidArgumentError('must be permissions as an octal number, such as 660.')
}

/** systemd separates several directories by colons. */
export const firstDirectory = (text: string): string => text.split(':', 1).join()

/** An option that can be repeated. */
export const ipAddresses = (text: string, before: readonly string[] = []): readonly string[] => {
  if (isIP(text) !== 0) return [...before, text]
  throw new InvalidArgumentError('must be an IP address.')
}

/** An IP address with an optional port; an IPv6 address with a port is in brackets. */
export function nameServer(text: string): string {
  if (parseIpAndPort(text)) return text
  throw new InvalidArgumentError('must be an IP address with an optional port, such as 127.0.0.1:5353.')
}

/** An option that can be repeated. */
export const texts = (text: string, before: readonly string[] = []): readonly string[] => [...before, text]

/** An option that can be repeated: name servers. */
export const nameServers = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  nameServer(text),
]

/** An option that can be repeated: the address of a host. */
export const hostAddress = (
  text: string,
  before: ReadonlyMap<string, IpAndPort> = new Map(),
): ReadonlyMap<string, IpAndPort> => {
  const at = text.indexOf('=')
  const host = parseDomain(text.slice(0, Math.max(at, 0)))
  const place = parseIpAndPort(text.slice(at + 1))
  if (host && place) return new Map([...before, [host, place]])
  throw new InvalidArgumentError(
    'must be a host and its IP address, such as mail.example.org=192.0.2.1 or mail.example.org=[2001:db8::1]:993.',
  )
}

export function atOnce(text: string): number {
  const number = Number(text)
  if (/^\d{1,3}$/.test(text) && number >= 1) return number
  throw new InvalidArgumentError('must be a number from 1 to 999.')
}
