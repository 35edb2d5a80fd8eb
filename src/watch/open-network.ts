import type { SecureContext } from 'node:tls'
import { openNameServer } from '../checks/name-server.ts'
import { trust } from '../checks/trust.ts'
import type { WatchSettings } from '../config/read-watch.ts'
import { type IpAndPort, parseIpAndPort } from '../reading/ip-and-port.ts'
import type { OpenNetwork } from './looks.ts'

/** The trusted authorities. Reading them takes some milliseconds, so it happens once, when they are needed. */
export function trustOf({ authority }: Pick<WatchSettings, 'authority'>): () => SecureContext {
  let context: SecureContext | undefined
  return () => {
    context ??= trust(authority === undefined ? [] : [authority])
    return context
  }
}

/** The real network, as the settings describe it. */
export function openNetwork(
  { timeout, resolvers, connect }: WatchSettings,
  authorities: () => SecureContext,
  now: () => number,
): OpenNetwork {
  const places = new Map(
    Object.entries(connect).map(([host, text]) => [host, parseIpAndPort(text) as IpAndPort]),
  )
  return (signal) => ({
    ...openNameServer(resolvers, timeout, signal),
    connect: places,
    trust: authorities(),
    timeout,
    now,
    signal,
  })
}
