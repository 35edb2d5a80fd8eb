import { EventEmitter, once } from 'node:events'
import { type Certificate, certificatesOf } from '../certificates/certificates.ts'
import { type CertificateFormat, certificateFormats } from '../certificates/formats.ts'
import { whyNotFirst } from '../certificates/never-issued.ts'
import { Omitted } from '../certificates/omitted.ts'
import { inOrder } from '../checks/in-order.ts'
import { type LeadsHere, openLeadsHere } from '../checks/leads-here.ts'
import { openNameServer } from '../checks/name-server.ts'
import { failure, type Result } from '../model/result.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { type ExitCode, exitCodes, type Io, type Output } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface CertificatesOptions {
  readonly config: string
  readonly format: keyof typeof certificateFormats
  /** Only names whose records lead to this service. */
  readonly resolving?: true
  /** The addresses of this service, in place of those of the public name. */
  readonly address?: readonly string[] | undefined
  readonly resolver?: readonly string[] | undefined
  /** How many certificates are looked up at once. */
  readonly concurrency: number
}

/** How long a name server may take, in milliseconds. */
const patience = 5000

/** The output is written in pieces of this length, in characters. */
const pieceLength = 65_536

/**
 * Prints the names that need a certificate at the proxy. Exit code 1 if there are none, or if the addresses of this service are not
 * known.
 */
export function certificates(options: CertificatesOptions, io: Io): Promise<ExitCode> {
  const { config: file, format, resolving } = options
  return withResolver(file, io, async (resolver) => {
    const omitted = new Omitted()
    const all = certificatesOf(resolver, omitted.add)
    let printed = 0
    if (!resolving) printed = await print(all, certificateFormats[format], io.stdout)
    else {
      const leadsHere = await opened(resolver, options)
      if (!leadsHere.ok) {
        io.stderr.write(`${leadsHere.error}\n`)
        return exitCodes.failure
      }
      const checked = inOrder(all, options.concurrency, (each) => leading(each, leadsHere.value, omitted))
      printed = await print(present(checked), certificateFormats[format], io.stdout)
    }
    for (const line of omitted.lines()) io.stderr.write(line)
    if (resolver.backends)
      io.stderr.write(
        'domains that only a source knows are not listed; let Caddy get their certificates on demand\n',
      )
    if (printed > 0) return exitCodes.ok
    io.stderr.write(`no certificate: ${resolving ? 'no name leads here' : 'no domain is listed'}\n`)
    return exitCodes.failure
  })
}

async function opened(
  { config: { file, publicName } }: Resolver,
  { address: addresses = [], resolver: servers = [] }: CertificatesOptions,
): Promise<Result<LeadsHere>> {
  if (publicName === undefined && addresses.length === 0)
    return failure(
      `${file}: publicName is missing: --resolving compares each name with its addresses; or use --address`,
    )
  const { names } = openNameServer(servers, patience)
  const leadsHere = await openLeadsHere(names, { ...(publicName && { publicName }), addresses })
  return leadsHere.ok ? leadsHere : failure(`--resolving: ${leadsHere.error}`)
}

/**
 * The certificate with only the names that lead here. If the DNS does not answer for one of them, the whole certificate is omitted:
 * otherwise the next order would remove the name from it. The certificate that was issued before stays in use.
 */
async function leading(
  { name, names }: Certificate,
  leadsHere: LeadsHere,
  omitted: Omitted,
): Promise<Certificate | undefined> {
  const answers = await Promise.all(names.map(leadsHere))
  const unknown = answers.find((answer) => !answer.ok)
  if (unknown && !unknown.ok) {
    omitted.add(name, unknown.error)
    return undefined
  }
  const here = names.filter((_name, index) => answers[index]?.ok && answers[index].value)
  const [first] = here
  if (first === undefined) return undefined
  const reason = whyNotFirst(first)
  if (reason === undefined) return { name, names: here }
  omitted.add(first, reason)
  return undefined
}

async function* present<Value>(values: AsyncIterable<Value | undefined>): AsyncGenerator<Value> {
  for await (const value of values) if (value !== undefined) yield value
}

/** Returns how many certificates were printed. Stops if nobody reads them any more. */
async function print(
  all: Iterable<Certificate> | AsyncIterable<Certificate>,
  { begin, between, end, write }: CertificateFormat,
  stdout: Output,
): Promise<number> {
  let printed = 0
  let piece = begin
  for await (const certificate of all) {
    piece += `${printed++ === 0 ? '' : between}${write(certificate)}`
    if (piece.length < pieceLength) continue
    if (!(await isTaken(piece, stdout))) return printed
    piece = ''
  }
  stdout.write(piece + end)
  return printed
}

/** Writes, and waits for a reader that is slower than this program. False if the reader is gone. */
const isTaken = async (text: string, stdout: Output): Promise<boolean> =>
  stdout.write(text) !== false ||
  !(stdout instanceof EventEmitter) ||
  once(stdout, 'drain').then(
    () => true,
    () => false,
  )
