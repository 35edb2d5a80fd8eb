import { domainToASCII } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import type { HttpReply, HttpRequest, Network } from '../../../src/rehearsal/network.ts'
import { networkOf, type Ports, type World } from '../../rehearsal/world.ts'
import { run } from '../../support/command.ts'
import { openApp } from '../../support/example.ts'
import { nameServer } from '../../support/name-server.ts'
import { configOf, customer, hoster, type Kind, publicName } from './kinds.ts'

interface PrintedRecord {
  readonly name: string
  readonly type: string
  readonly data: string
}

/**
 * The world of a kind: our server with its configuration, the records that `dns` prints for the domain, and around them a web site of the
 * customer and an ISPDB, which know nothing of mail.
 */
export async function servedWorld(t: Test, kind: Kind): Promise<Network> {
  const { addresses, parts = {}, zone } = kind
  const domain = domainToASCII((addresses[0] as string).replace(/.*@/, ''))
  const mx = { type: 'MX', name: domain, data: { preference: 10, exchange: zone.mx } } as const
  const resolver = parts.byMx ? await nameServer(t, [mx]) : ''
  const { app, file } = await openApp(t, configOf(kind, resolver))
  const printed = [
    ...(await recordsOf(file, domain)).filter(({ name }) => zone.published(name)),
    ...(parts.byMx ? await recordsOf(file, hoster) : []),
  ]
  const ours = [publicName, ...printed.filter(({ type }) => type === 'CNAME').map(({ name }) => name)]
  const ports: Ports = { http: zone.web, https: zone.web }
  const world: World = {
    hosts: {
      ...namesOf([...databases, domain, hoster], { http: 'open', https: 'open' }),
      ...namesOf(ours, ports),
      ...namesOf([zone.mx], { http: 'closed', https: 'closed' }),
    },
    dns: [
      `${domain}. IN NS ns1.registrar.example.`,
      `${domain}. IN MX 10 ${zone.mx}.`,
      ...printed
        .filter(({ type }) => type !== 'CNAME')
        .map(({ name, type, data }) => `${name}. IN ${type} ${data}`),
    ],
    http: [nothingHere],
  }
  return withServer(networkOf(world), app, ours)
}

/** A domain that is hosted nowhere: every client asks everything that it knows. */
export const unknownWorld = (): Network =>
  networkOf({
    hosts: namesOf([...databases, customer, publicName], { http: 'open', https: 'open' }),
    dns: [`${customer}. IN NS ns1.registrar.example.`, `${customer}. IN MX 10 mx1.${hoster}.`],
    http: [nothingHere],
  })

const databases = ['autoconfig.thunderbird.net', 'live.thunderbird.net', 'v1.ispdb.net']

const nothingHere = {
  ...{ host: '*', path: '.*', scheme: '*', method: '*', status: 404 },
  headers: [['Content-Type', 'text/html']],
  body: '<html><body><h1>Not found</h1></body></html>',
} as const

const namesOf = (names: readonly string[], ports: Ports) =>
  Object.fromEntries(names.map((name) => [name, ports]))

/** What `dns` prints for the zone of the domain. */
async function recordsOf(file: string, domain: string): Promise<readonly PrintedRecord[]> {
  const { stdout, stderr } = await run(['dns', domain, '--json', '--config', file])
  if (stderr !== '') throw new Error(stderr)
  return JSON.parse(stdout).records
}

/** The names that lead to our server are answered by it, if their port is open. */
function withServer(network: Network, app: FastifyInstance, ours: readonly string[]): Network {
  return {
    // Resolvers ask for A-labels.
    dns: (type, name) => network.dns(type, domainToASCII(name)),
    async http(request) {
      const reply = await network.http(request)
      const isOurs = ours.includes(new URL(request.url).hostname)
      return isOurs && !('failure' in reply) ? answerOf(app, request) : reply
    },
  }
}

async function answerOf(app: FastifyInstance, request: HttpRequest): Promise<HttpReply> {
  const { method, headers = {}, body } = request
  const { protocol, host, pathname, search } = new URL(request.url)
  const response = await app.inject({
    method,
    url: pathname + search,
    headers: { ...headers, host, 'x-forwarded-proto': protocol.slice(0, -1) },
    ...(body !== undefined && { payload: body }),
  })
  return {
    status: response.statusCode,
    contentType: String(response.headers['content-type'] ?? ''),
    location: response.headers.location,
    body: response.rawPayload,
    seconds: 0,
  }
}
