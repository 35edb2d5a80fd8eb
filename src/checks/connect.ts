import type { ConnectionOptions, TLSSocket } from 'node:tls'
import { failure, type Result, success } from '../model/result.ts'
import type { ServerSettings } from '../model/settings.ts'
import { type Check, checkOf } from './check.ts'
import { Conversation, TimedOut } from './conversation.ts'
import type { Network } from './network.ts'

/** One address of an advertised server. */
export interface Probed {
  readonly server: ServerSettings
  readonly address: string
  readonly port: number
  /** Its name in results. */
  readonly target: string
  readonly messageSize: number | undefined
}

/** Why a connection is impossible from here, which says nothing about the server. */
const unreachable = ['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']

/** Opens a connection, or returns the result that it is impossible. */
export async function open(
  { address, port, target }: Probed,
  network: Network,
): Promise<Result<Conversation, Check>> {
  try {
    return success(await Conversation.open(address, port, network))
  } catch (error) {
    const check = checkOf('connection-failed', target, 'a connection')
    const { code = '' } = error as NodeJS.ErrnoException
    if (unreachable.includes(code))
      return failure(
        check.untested(`this network has no way to ${address} (${code})`, 'ask from another network'),
      )
    return failure(
      check.problem(
        `${wordsOf(error)} from this network`,
        'start the server, open the port in the firewall, or remove the address from the DNS',
      ),
    )
  }
}

/** Words for people. Errors of OpenSSL have a long text of which the end says something. */
export function wordsOf(error: unknown): string {
  if (error instanceof TimedOut) return 'no answer in time'
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}

/** Begins TLS, with the errors as values. */
export async function secure(
  conversation: Conversation,
  name: string,
  options: ConnectionOptions,
): Promise<Result<TLSSocket, Error>> {
  try {
    return success(await conversation.secure(name, options))
  } catch (error) {
    return failure(error as Error)
  }
}
