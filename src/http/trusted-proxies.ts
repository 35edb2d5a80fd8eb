import { BlockList, isIP, isIPv6 } from 'node:net'
import type { Config } from '../config/config.ts'
import { type IsTrusted, unixAddress } from './client-address.ts'

/**
 * Decides whose `X-Forwarded-*` headers count, by the configuration in force. A connection that is gone has no address any more, and
 * in `X-Forwarded-For` there may be any text: neither is trusted.
 */
export function trustedProxies(config: () => Config): IsTrusted {
  let known:
    | { readonly of: Config; readonly networks: readonly string[]; readonly list: BlockList }
    | undefined
  return (address) => {
    const current = config()
    if (known?.of !== current) {
      const { trustedProxies: networks } = current
      known = { of: current, networks, list: listOf(networks.filter((network) => network !== unixAddress)) }
    }
    if (known.networks.length === 0 || address === undefined) return false
    if (address === unixAddress) return known.networks.includes(unixAddress)
    const version = isIP(address)
    return version !== 0 && known.list.check(address, version === 6 ? 'ipv6' : 'ipv4')
  }
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}
