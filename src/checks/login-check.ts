import type { EmailAddress } from '../model/address.ts'
import { formatEmailAddress } from '../model/address.ts'
import { loginFrom } from '../model/placeholders.ts'
import { failure, type Result, success } from '../model/result.ts'
import type { ServerSettings } from '../model/settings.ts'
import { addressesOf } from './addresses.ts'
import { checkCertificate } from './certificate.ts'
import { checkOf, type Report } from './check.ts'
import { Conversation } from './conversation.ts'
import { type Capabilities, mailProtocols } from './mail-protocols.ts'
import type { Network } from './network.ts'
import { passwordLogins } from './password-logins.ts'

/** Somebody who wants to know why they cannot log in. */
export interface Credentials {
  readonly address: EmailAddress
  readonly password: string
}

/**
 * Logs in to each server once, so that nobody is locked out. A server is tried with its advertised username, unless another server
 * rejected that: then with the address, or the local part. So the results show which username works.
 */
export async function checkLogins(
  servers: readonly ServerSettings[],
  { address, password }: Credentials,
  network: Network,
  report: Report,
): Promise<void> {
  const rejected = new Set<string>()
  for (const server of servers) {
    const target = `${server.type} ${server.hostname}:${server.port}`
    const advertised = loginFrom(server.username, address) as string
    const username = [advertised, formatEmailAddress(address), address.localPart].find(
      (candidate) => !rejected.has(candidate),
    )
    const check = checkOf('login-failed', target, `a login with ${kindOf(advertised, address)}`)
    if (username === undefined) {
      report(check.untested('no attempt: other servers rejected every username', 'is the password right?'))
      continue
    }
    const seen = `with ${kindOf(username, address)}`
    const outcome = await logIn(server, username, password, network)
    if (!outcome.ok) report(check.untested(outcome.error, 'fix this first'))
    else if (!outcome.value) {
      rejected.add(username)
      report(check.problem(`rejected ${seen}`, 'compare the username and the password with the mail server'))
    } else if (username === advertised) report(check.ok(`logged in ${seen}`))
    else report(check.problem(`logged in ${seen}`, `advertise ${kindOf(username, address)} as username`))
  }
}

/** Login names are not printed, because results are kept. */
function kindOf(username: string, address: EmailAddress): string {
  if (username === formatEmailAddress(address)) return 'the address'
  return username === address.localPart ? 'the part before the @' : 'the configured login name'
}

/** Was the login accepted? Fails without having sent the password. */
async function logIn(
  server: ServerSettings,
  username: string,
  password: string,
  network: Network,
): Promise<Result<boolean>> {
  const { places, check } = await addressesOf(server.hostname, network)
  const [place] = places
  if (!place) return failure(check.seen)
  const attempt = async (conversation: Conversation): Promise<Result<boolean>> => {
    const ready = await prepare(conversation, server, network)
    if (!ready.ok) return ready
    const method = passwordLogins[server.type].find(({ mechanism }) => ready.value.mechanisms.has(mechanism))
    return method
      ? success(await method.logIn(conversation, username, password))
      : failure('the server offers no password method')
  }
  return Conversation.use(place.address, place.port ?? server.port, network, attempt).catch(() =>
    failure('the connection ended'),
  )
}

/** A conversation over TLS with a server that has a valid certificate: nobody else may get a password. */
async function prepare(
  conversation: Conversation,
  { type, socketType, hostname }: ServerSettings,
  { trust, now }: Network,
): Promise<Result<Capabilities>> {
  if (socketType === 'plain') return failure('no password is sent without TLS')
  const protocol = mailProtocols[type]
  let greeting = ''
  if (socketType === 'STARTTLS') {
    greeting = await protocol.greet(conversation)
    await protocol.capabilities(conversation, greeting)
    await protocol.startTls(conversation)
  }
  const socket = await conversation.secure(hostname, { secureContext: trust })
  const problems = checkCertificate(socket, hostname, '', now()).filter(({ state }) => state === 'problem')
  if (problems.some(({ id }) => id !== 'certificate-expires-soon'))
    return failure('no password is sent to a server without a valid certificate')
  if (socketType === 'SSL') greeting = await protocol.greet(conversation)
  return success(await protocol.capabilities(conversation, greeting))
}
