import type { SecureContextOptions } from 'node:tls'
import { type Check, checkOf } from './check.ts'
import { open, type Probed, secure, wordsOf } from './connect.ts'
import { type Conversation, TimedOut } from './conversation.ts'
import { mailProtocols } from './mail-protocols.ts'
import type { Network } from './network.ts'
import { canUse, oldTls } from './old-tls.ts'

/** Makes another connection, which offers nothing but old TLS. */
export async function checkOldTls(
  probed: Probed,
  network: Network,
  options: SecureContextOptions = oldTls,
): Promise<Check> {
  const check = checkFor(probed)
  if (!(await canUse(options)))
    return check.info('not tested: OpenSSL on this machine has no TLS 1.0 and 1.1')
  const opened = await open(probed, network)
  if (!opened.ok) return check.untested(`a second connection: ${opened.error.seen}`, 'ask again later')
  const result = await judge(opened.value, probed, options)
  opened.value.close()
  return result
}

const checkFor = ({ target }: Probed) => checkOf('old-tls-accepted', target, 'TLS 1.0 and 1.1 refused')

async function judge(
  conversation: Conversation,
  probed: Probed,
  options: SecureContextOptions,
): Promise<Check> {
  const check = checkFor(probed)
  try {
    await prepare(conversation, probed)
    const secured = await secure(conversation, probed.server.hostname, options)
    if (secured.ok)
      return check.problem(
        `${secured.value.getProtocol()} accepted`,
        'turn off TLS 1.0 and 1.1 in the mail server',
      )
    if (secured.error instanceof TimedOut) throw secured.error
    return check.ok('refused')
  } catch (error) {
    return check.untested(`a second connection: ${wordsOf(error)}`, 'ask again later')
  }
}

async function prepare(conversation: Conversation, { server: { type, socketType } }: Probed): Promise<void> {
  if (socketType !== 'STARTTLS') return
  const protocol = mailProtocols[type]
  await protocol.capabilities(conversation, await protocol.greet(conversation))
  await protocol.startTls(conversation)
}
