import type { TLSSocket } from 'node:tls'
import { type Domain, parseDomain } from '../model/address.ts'
import { failure, type Result, success } from '../model/result.ts'
import type { ServerSettings } from '../model/settings.ts'
import { checkCertificate } from './certificate.ts'
import type { Check } from './check.ts'
import { wordsOf } from './connect.ts'
import { Conversation } from './conversation.ts'
import { type Capabilities, mailProtocols } from './mail-protocols.ts'
import type { Network, Place } from './network.ts'

/** The server to look at. */
export type OfferedServer = Pick<ServerSettings, 'type' | 'socketType' | 'hostname' | 'port'>

/** The offer of a server after TLS has begun. */
export interface Offer extends Capabilities {
  /** The names in the certificate, as they are written there: `mail.example.org`, `*.example.org`. */
  readonly names: readonly string[]
  readonly certificate: readonly Check[]
}

/**
 * Looks at a server without a login: sends EHLO, CAPABILITY or CAPA, and STARTTLS. The error is the reason why clients cannot use it, for
 * people.
 */
export async function offerOf(
  server: OfferedServer,
  { address, port = server.port }: Place,
  network: Network,
): Promise<Result<Offer>> {
  try {
    return await Conversation.use(address, port, network, (conversation) =>
      look(conversation, server, network),
    )
  } catch (error) {
    return failure(wordsOf(error))
  }
}

async function look(
  conversation: Conversation,
  { type, socketType, hostname, port }: OfferedServer,
  { trust, now }: Network,
): Promise<Result<Offer>> {
  const protocol = mailProtocols[type]
  const begin = () => conversation.secure(hostname, { secureContext: trust })
  const early = socketType === 'SSL' ? await begin() : undefined
  const greeting = await protocol.greet(conversation)
  if (!protocol.isGreeting.test(greeting)) return failure(`no greeting of ${type.toUpperCase()}`)
  const first = await protocol.capabilities(conversation, greeting)
  if (early) return success(offered(early, first))
  if (!first.startTls || !(await protocol.startTls(conversation))) return failure('no STARTTLS')
  const late = await begin()
  return success(offered(late, await protocol.capabilities(conversation, greeting)))

  function offered(socket: TLSSocket, capabilities: Capabilities): Offer {
    const { subjectaltname = '' } = socket.getPeerCertificate()
    const names = [...subjectaltname.matchAll(/DNS:([^,\s"]+)/g)].map(([, name = '']) => name.toLowerCase())
    const target = `${type} ${hostname}:${port}`
    return { ...capabilities, names, certificate: checkCertificate(socket, hostname, target, now()) }
  }
}

/** The host names that a certificate contains. For `*.example.org`, the one with the first label of the host name. */
export function hostNamesIn(names: readonly string[], hostname: Domain): readonly Domain[] {
  const label = hostname.replace(/\..*/, '')
  return names
    .map((name) => parseDomain(name.replace(/^\*(?=\.)/, label)))
    .filter((name) => name !== undefined)
}
