import type { AccountServer, Rehearsal } from '../../src/rehearsal/client.ts'
import { clients } from '../../src/rehearsal/clients/index.ts'
import { sharedNetwork } from '../../src/rehearsal/network.ts'
import { rehearse } from '../../src/rehearsal/walk.ts'
import { address as jane } from './situations.ts'
import { networkOf, type World } from './world.ts'

export interface Choice {
  readonly address?: string
  readonly agrees?: boolean
  readonly signal?: AbortSignal
}

/** Lets one client look for the settings of an address in a small world. */
export async function rehearsalOf(id: string, world: World, choice: Choice = {}): Promise<Rehearsal> {
  const { address = jane, agrees = false, signal = new AbortController().signal } = choice
  const client = clients.find((client) => client.id === id)
  if (!client) throw new Error(`no client ${id}`)
  const domain = address.slice(address.lastIndexOf('@') + 1)
  return rehearse(client, { address, domain, agrees }, sharedNetwork(networkOf(world), 4), signal)
}

/** Everything that was asked, a line each: the question and the status. */
export const asksOf = ({ steps }: Rehearsal): readonly string[] =>
  steps.filter(({ outcome }) => outcome !== 'not asked').map(({ what, status }) => `${what} -> ${status}`)

export const accountOf = ({ account }: Rehearsal): readonly string[] | null =>
  account && [account.incoming, account.outgoing].map(serverText)

const serverText = (server: AccountServer | null): string =>
  server ? `${server.type} ${server.host}:${server.port} ${server.socketType} ${server.username}` : 'none'
