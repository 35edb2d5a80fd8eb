import { secureNameAt } from './certificate-folder.ts'
import { Connection } from './connection.ts'
import { threadsCpu } from './proc.ts'
import { mistake, questionAt } from './questions.ts'
import type { Server } from './server.ts'

/** `full`: over https, with a full handshake. `resumed`: with the session of an earlier connection. */
export type VisitKind = 'http' | 'full' | 'resumed'

/** Connections that are open at once. */
const atOnce = 8

/** Sessions of TLS by server, for `resumed`. */
const sessions = new WeakMap<Server, Buffer>()

/**
 * Opens a connection for each of the domains, asks one question over it, and checks certificate and answer. Returns the CPU time of the
 * server for each connection, in milliseconds.
 */
export async function visit(server: Server, kind: VisitKind, domains: readonly number[]): Promise<number> {
  if (kind === 'resumed' && !sessions.has(server))
    sessions.set(server, await sessionOf(server, domains[0] ?? 0))
  const before = threadsCpu(server.pid)
  const left = domains[Symbol.iterator]()
  const visitInTurn = async (): Promise<void> => {
    for (const domain of left) await visitOnce(server, kind, domain)
  }
  await Promise.all(Array.from({ length: atOnce }, visitInTurn))
  return (threadsCpu(server.pid) - before) / domains.length
}

async function visitOnce(server: Server, kind: VisitKind, domain: number): Promise<void> {
  const connection = await open(server, kind, domain)
  await ask(server, connection, domain)
  const isResumed = connection.tls?.isSessionReused() ?? false
  connection.close()
  if (isResumed !== (kind === 'resumed'))
    throw new Error(`${server.candidate.name}: ${kind}: resumed: ${isResumed}`)
}

async function open(server: Server, kind: VisitKind, domain: number): Promise<Connection> {
  if (kind === 'http') return Connection.open(server.port)
  const servername = secureNameAt(domain)
  const session = kind === 'resumed' ? sessions.get(server) : undefined
  const connection = await Connection.openTls(server.tlsPort, { servername, session })
  // A resumed handshake has no certificate.
  if (kind === 'full' && !namesOf(connection).includes(servername))
    throw new Error(
      `${server.candidate.name}: the certificate of ${servername} is for ${namesOf(connection).join(', ')}`,
    )
  return connection
}

async function ask(
  { candidate: { name, right } }: Server,
  connection: Connection,
  domain: number,
): Promise<void> {
  const question = questionAt(domain)
  const answer = await connection.ask(question.request)
  const wrong = answer ? mistake(question, answer, right) : 'no answer'
  if (wrong !== undefined) throw new Error(`${name}: ${wrong}`)
}

/** The ticket comes after the handshake (RFC 8446, section 4.6.1), and with the answer at the latest. */
async function sessionOf(server: Server, domain: number): Promise<Buffer> {
  const connection = await open(server, 'full', domain)
  let session: Buffer | undefined
  connection.tls?.on('session', (ticket: Buffer) => {
    session = ticket
  })
  await ask(server, connection, domain)
  connection.close()
  if (!session) throw new Error(`${server.candidate.name}: no ticket`)
  return session
}

/** The names of the certificate that the server of a new connection has shown. */
export const namesOf = ({ tls }: Connection): readonly string[] =>
  tls
    ?.getPeerCertificate()
    .subjectaltname?.split(', ')
    .map((name) => name.replace('DNS:', '')) ?? []
