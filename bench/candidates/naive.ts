/** The obvious first version: for each request, look up the domain in a Map and build its document with xmlbuilder2. */
import Fastify from 'fastify'
import { create } from 'xmlbuilder2'
import { domainAt, hostKeyAt } from '../domains.ts'
import { hostnameOf, provider } from '../provider.ts'

const [port, count] = process.argv.slice(2) as [string, string]
const hostnames = new Map<string, string>()
for (let index = 0; index < Number(count); index++)
  hostnames.set(domainAt(index), hostnameOf(hostKeyAt(index)))

const servers = [
  ['incomingServer', 'imap', '993'],
  ['incomingServer', 'pop3', '995'],
  ['outgoingServer', 'smtp', '465'],
] as const

function documentOf(domain: string, hostname: string): string {
  const root = create({ version: '1.0', encoding: 'utf-8' }).ele('clientConfig', { version: '1.1' })
  const emailProvider = root.ele('emailProvider', { id: provider.id })
  emailProvider.ele('domain').txt(domain)
  emailProvider.ele('displayName').txt(provider.displayName)
  emailProvider.ele('displayShortName').txt(provider.displayShortName)
  for (const [element, type, serverPort] of servers) {
    const server = emailProvider.ele(element, { type })
    server.ele('hostname').txt(hostname)
    server.ele('port').txt(serverPort)
    server.ele('socketType').txt('SSL')
    server.ele('authentication').txt('password-cleartext')
    server.ele('username').txt('%EMAILADDRESS%')
  }
  for (const { url, descr } of provider.documentation) {
    const documentation = emailProvider.ele('documentation', { url })
    for (const [lang, words] of Object.entries(descr)) documentation.ele('descr', { lang }).txt(words)
  }
  return root.end({ prettyPrint: true })
}

const app = Fastify({ logger: false })
app.get<{ Querystring: { emailaddress?: string } }>('/mail/config-v1.1.xml', (request, reply) => {
  const domain = request.query.emailaddress?.split('@')[1] ?? ''
  const hostname = hostnames.get(domain)
  if (hostname === undefined) return reply.code(404).send()
  return reply.type('text/xml; charset=utf-8').send(documentOf(domain, hostname))
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
