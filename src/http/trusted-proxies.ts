import { BlockList, isIPv6 } from 'node:net'
import type { Config } from '../config/config.ts'

/** Decides whose `X-Forwarded-*` headers count, by the configuration in force. */
export function trustedProxies(config: () => Config): (address: string) => boolean {
  let known: { readonly of: Config; readonly list: BlockList } | undefined
  return (address) => {
    const current = config()
    if (known?.of !== current) known = { of: current, list: listOf(current.trustedProxies) }
    return known.list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
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
