import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** Whether an address is that of a proxy that the admin trusts. */
export type IsTrusted = (address: string | undefined) => boolean

/** Stands for the address of those who connect by a unix socket, and in `trustedProxies` for all of them. */
export const unixAddress = 'unix'

/**
 * The address of the client, in the form in which it is limited; `undefined` if it has none, such as a connection that is gone, or one
 * by a unix socket. A trusted proxy says whose request it sends (`X-Forwarded-For`); its own address is never limited.
 */
export function clientOf({ socket, headers }: IncomingMessage, isTrusted: IsTrusted): string | undefined {
  const { remoteAddress } = socket
  if (!isTrusted(remoteAddress)) return limitedForm(remoteAddress)
  // Each proxy adds the address that it sees, so the last one that is not a proxy's is true.
  const addresses = String(headers['x-forwarded-for'] ?? '').split(',')
  for (let at = addresses.length - 1; at >= 0; at--) {
    const address = withoutPort((addresses[at] as string).trim())
    if (!isTrusted(address)) return limitedForm(address)
  }
  return undefined
}

/** Azure's gateways add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
const withoutPort = (text: string): string =>
  text.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1')

/** An IPv4 address, or the network of an IPv6 address, since every customer has 2^64 of those: `2001:db8:0:1`. */
export function limitedForm(address: string | undefined): string | undefined {
  const version = isIP(address ?? '')
  if (address === undefined || version === 0) return undefined
  if (version === 4) return address
  const [mapped] = /(?<=^::ffff:)[\d.]+$/i.exec(address) ?? []
  if (mapped !== undefined) return mapped
  const [before = '', after] = address.toLowerCase().replace(/%.*$/, '').split('::')
  const first = before === '' ? [] : before.split(':')
  const last = after ? after.split(':') : []
  const missing = after === undefined ? 0 : Math.max(0, 8 - first.length - last.length)
  return [...first, ...new Array<string>(missing).fill('0'), ...last].slice(0, 4).map(withoutZeros).join(':')
}

const withoutZeros = (group: string): string => group.replace(/^0+(?=.)/, '')

const nearby = new BlockList()
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  nearby.addSubnet(network, bits, 'ipv4')

/** Loopback, private and link-local networks of IPv6, in the form of `limitedForm`. */
const nearbyV6 = /^(?:0:0:0:0$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/

/**
 * Whether an address, in its limited form, is of the machine itself or of a private network (RFC 1918, 4193). There may be a proxy
 * that the admin has not named, since most need no trust, and all clients come through it.
 */
export const isNearby = (client: string): boolean =>
  isIP(client) === 4 ? nearby.check(client) : nearbyV6.test(client)
