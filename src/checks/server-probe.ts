import { authorityOf, chainOf, checkCertificate } from './certificate.ts'
import { type Check, checkOf, type Report } from './check.ts'
import { open, type Probed, secure, wordsOf } from './connect.ts'
import { Conversation } from './conversation.ts'
import { type Capabilities, type MailProtocol, mailProtocols } from './mail-protocols.ts'
import type { Network } from './network.ts'
import { mechanismChecks, sizeChecks } from './offers.ts'
import { checkOldTls } from './old-tls-check.ts'
import { checkTlsa } from './tlsa-check.ts'

/**
 * Checks one address of a server. One connection, and another one with old TLS. Returns the authority that issued the certificate, if
 * there is one.
 */
export async function probe(probed: Probed, network: Network, report: Report): Promise<string | undefined> {
  const { server, target } = probed
  const opened = await open(probed, network)
  report(opened.ok ? checkOf('connection-failed', target, 'a connection').ok('connected') : opened.error)
  if (!opened.ok) return undefined
  const conversation = opened.value
  let issuer: string | undefined
  try {
    if (await talk(conversation, probed, network, report)) {
      const { secured } = conversation
      const chain = chainOf(secured)
      issuer = authorityOf(secured)
      conversation.close()
      report(await checkTlsa(server, chain, target, network))
      report(await checkOldTls(probed, network))
    }
  } catch (error) {
    const check = checkOf('unexpected-answer', target, `answers of ${server.type.toUpperCase()}`)
    report(check.problem(wordsOf(error), 'read the log of the mail server'))
  } finally {
    conversation.close()
  }
  return issuer
}

/** Returns whether TLS was possible. */
async function talk(
  conversation: Conversation,
  probed: Probed,
  network: Network,
  report: Report,
): Promise<boolean> {
  const { server, target } = probed
  const protocol = mailProtocols[server.type]
  if (server.socketType === 'SSL' && !(await begin(conversation, probed, network, report))) return false
  const greeting = await greet(conversation, protocol, probed, network, report)
  if (greeting === undefined) return false
  const first = await protocol.capabilities(conversation, greeting)
  if (server.socketType !== 'STARTTLS') {
    offers(first, probed, report)
    return server.socketType === 'SSL'
  }
  report(await plaintext(conversation, protocol, first, target))
  const check = checkOf('starttls-not-supported', target, 'STARTTLS')
  if (!first.startTls || !(await protocol.startTls(conversation))) {
    report(
      check.problem(
        first.startTls ? 'offered, and refused' : 'not offered',
        'configure TLS in the mail server',
      ),
    )
    return false
  }
  report(check.ok('offered'))
  if (!(await begin(conversation, probed, network, report))) return false
  offers(await protocol.capabilities(conversation, greeting), probed, report)
  return true
}

function offers(offered: Capabilities, { server, target, messageSize }: Probed, report: Report): void {
  for (const check of mechanismChecks(server, offered, target)) report(check)
  for (const check of sizeChecks(server, offered, messageSize, target)) report(check)
}

/** OpenSSL's codes for a text where TLS should be. */
const clear = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']

/** The handshake and the certificate. Returns whether the conversation can go on. */
async function begin(
  conversation: Conversation,
  { server: { hostname, port, socketType }, target }: Probed,
  { trust, now }: Network,
  report: Report,
): Promise<boolean> {
  const handshake = checkOf('tls-handshake-failed', target, 'TLS 1.2 or newer')
  const secured = await secure(conversation, hostname, { secureContext: trust })
  if (secured.ok) {
    report(handshake.ok(String(secured.value.getProtocol())))
    for (const check of checkCertificate(secured.value, hostname, target, now())) report(check)
    return true
  }
  const { code = '' } = secured.error as NodeJS.ErrnoException
  if (socketType === 'SSL' && clear.includes(code)) {
    const check = checkOf('wrong-socket-type', target, 'TLS from the first byte (SSL)')
    report(
      check.problem(
        `${port} answers in clear: it is STARTTLS or no TLS`,
        'advertise STARTTLS, or turn on TLS from the first byte for this port',
      ),
    )
  } else report(handshake.problem(wordsOf(secured.error), 'turn on TLS 1.2 and 1.3 in the mail server'))
  return false
}

/** The greeting, if it is one. A server that waits for the client may expect TLS. */
async function greet(
  conversation: Conversation,
  { greeting, isGreeting, greet }: MailProtocol,
  probed: Probed,
  network: Network,
  report: Report,
): Promise<string | undefined> {
  const { server, target } = probed
  const check = checkOf('unexpected-answer', target, `the greeting "${greeting}"`)
  try {
    const text = await greet(conversation)
    const isGood = isGreeting.test(text)
    report(isGood ? check.ok(text) : check.problem(text, 'see which server listens on this port'))
    return isGood ? text : undefined
  } catch (error) {
    if (server.socketType === 'SSL' || !(await expectsTls(probed, network))) throw error
    const type = checkOf('wrong-socket-type', target, `a greeting in clear (${server.socketType})`)
    report(
      type.problem(
        `${server.port} expects TLS from the first byte: it was advertised as ${server.socketType}`,
        'advertise SSL, or use the port for STARTTLS',
      ),
    )
    return undefined
  }
}

/** Is there TLS from the first byte? */
const expectsTls = ({ server, address, port }: Probed, network: Network): Promise<boolean> =>
  Conversation.use(address, port, network, async (conversation) => {
    const secured = await secure(conversation, server.hostname, {})
    return secured.ok
  }).catch(() => false)

async function plaintext(
  conversation: Conversation,
  { takesPassword }: MailProtocol,
  offered: Capabilities,
  target: string,
): Promise<Check> {
  const check = checkOf('plaintext-accepted', target, 'no passwords before STARTTLS')
  if (conversation.isLocal)
    return check.untested(
      'the server has the address of this machine, which servers trust',
      'ask from another machine',
    )
  return (await takesPassword(conversation, offered))
    ? check.problem(
        'passwords are accepted in clear',
        'require TLS for passwords: Dovecot ssl=required, Postfix smtpd_tls_auth_only=yes, Courier IMAP_TLS_REQUIRED=1',
      )
    : check.ok('refused')
}
