import type { Account, AccountServer, Client } from '../../../src/rehearsal/client.ts'
import { type Kind, mailHost, type Right } from './kinds.ts'

export interface Attempt {
  /** The address as the person typed it. */
  readonly address: string
  readonly account: Account | null
}

/** What a cell of the table has: how the account of a client compares with the right one, for each spelling of the address. */
export function verdictOf(client: Client, kind: Kind, attempts: readonly Attempt[]): string {
  if (client.asksNobody) return 'asks nobody'
  const [first, ...others] = attempts.map(({ address, account }) => ({
    address,
    text: verdictOn(client.id, kind.right, address, account),
  }))
  const other = others.find(({ text }) => text === 'right')
  if (first?.text === 'right' || other === undefined) return first?.text ?? ''
  return `right, but only if typed as ${other.address}`
}

function verdictOn(id: string, right: Right, address: string, account: Account | null): string {
  if (!account) return 'finds nothing'
  const { incoming, outgoing } = account
  const wrong = [
    ...differences(incoming, right.incoming),
    ...differences(outgoing, ['smtp', ...right.outgoing]),
    ...wrongMethods([incoming, outgoing], right),
  ]
  if (wrong.length > 0) return `wrong: ${wrong.join(', ')}`
  if (!incoming) return 'half: no incoming server'
  if (!outgoing) return 'half: no outgoing server'
  const doubt = usernameDoubt(id, right, address, [incoming, outgoing])
  if (doubt !== undefined) return doubt
  return methodOf(incoming, right)
}

function differences(
  server: AccountServer | null,
  [type, port, socketType]: readonly [string, number, string],
): string[] {
  if (!server) return []
  const seen = `${server.type} ${server.host}:${server.port} ${server.socketType}`
  return seen === `${type} ${mailHost}:${port} ${socketType}`
    ? []
    : [seen.replace(' :0 ', ' without a name and port, ')]
}

const wrongMethods = (servers: readonly (AccountServer | null)[], { authentication }: Right): string[] =>
  servers.flatMap((server) =>
    server?.authentication === undefined || authentication.includes(server.authentication)
      ? []
      : [server.authentication],
  )

/** FairEmail logs in with the address first, and with the part before the @ if that fails (its source was read). */
const triesLocalPart: ReadonlySet<string> = new Set(['fairemail', 'fairemail-play'])

function usernameDoubt(
  id: string,
  { usernames }: Right,
  address: string,
  servers: readonly AccountServer[],
): string | undefined {
  const seen = new Set(servers.map(({ username }) => username))
  if ([...seen].every((username) => usernames.includes(username))) return undefined
  const [username = ''] = seen
  if (seen.size > 1 || !['', address].includes(username)) return `wrong: username ${[...seen].join(' and ')}`
  if (username === '') return 'right, but the username is missing'
  const localPart = address.slice(0, address.lastIndexOf('@'))
  if (usernames.includes(localPart) && triesLocalPart.has(id)) return 'right, but tries the address first'
  return 'right, but the username is the address'
}

/** Where there is a choice of methods, the cell says which one the client uses. */
function methodOf({ authentication }: AccountServer, right: Right): string {
  if (!right.authentication.includes('OAuth2')) return 'right'
  if (authentication === undefined)
    return right.authentication.length > 1 ? 'right' : 'right, but does not learn of OAuth2'
  return authentication === 'OAuth2' ? 'right, with OAuth2' : 'right, with a password'
}
