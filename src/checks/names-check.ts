import type { Domain } from '../model/address.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { addressesOf } from './addresses.ts'
import { type Check, checkOf, type Report } from './check.ts'
import type { Network } from './network.ts'
import { type PromisedDocument, promisedDocuments } from './promised-documents.ts'
import type { CaaCheck } from './server-check.ts'
import { ask, type WebAnswer } from './web-request.ts'

/** Asks each URL that clients ask for a domain, and compares the answer with the document that it must be. */
export async function checkNames(
  domain: Domain,
  resolver: Resolver,
  network: Network,
  caa: CaaCheck,
  report: Report,
): Promise<void> {
  const byHost = new Map<string, PromisedDocument[]>()
  for (const promised of await promisedDocuments(domain, resolver)) {
    const { hostname } = new URL(promised.url)
    byHost.set(hostname, [...(byHost.get(hostname) ?? []), promised])
  }
  await Promise.all(
    [...byHost].map(([host, promised]) =>
      host === domain
        ? checkDomain(domain, promised, network, report)
        : checkServiceName(host, promised, network, caa, report),
    ),
  )
}

/** A name such as `autoconfig.example.org`, which only this service answers. */
async function checkServiceName(
  host: string,
  promised: readonly PromisedDocument[],
  network: Network,
  caa: CaaCheck,
  report: Report,
): Promise<void> {
  const { check, places } = await addressesOf(host, network)
  report(check)
  if (places.length === 0) return
  let certificate: WebAnswer | undefined
  for (const document of promised) {
    const answer = await ask(document.url, network, document.post)
    report(compared(document, answer))
    if (answer.ok && answer.value.authority !== undefined) certificate ??= answer.value
  }
  if (!certificate) return
  certificate.certificate.forEach(report)
  report(await caa(host, certificate.authority as string))
}

type Answer = Awaited<ReturnType<typeof ask>>

function compared({ url, body }: PromisedDocument, answer: Answer): Check {
  const check = checkOf('answer-differs', url, 'the document that "mail-autoconfig render" prints')
  // Most web servers answer http with a redirect, and clients ask https first.
  if (!answer.ok)
    return url.startsWith('http:')
      ? check.info(answer.error)
      : check.problem(answer.error, 'forward this name to mail-autoconfig, with a certificate')
  const isSame = answer.value.status === 200 && answer.value.body.equals(body)
  return isSame
    ? check.ok(wordsOf(answer.value))
    : check.problem(
        wordsOf(answer.value),
        'forward this name to mail-autoconfig; reload it if its files changed',
      )
}

/** The domain itself, where often somebody else has a web site. */
async function checkDomain(
  domain: Domain,
  promised: readonly PromisedDocument[],
  network: Network,
  report: Report,
): Promise<void> {
  const { check: lookup } = await addressesOf(domain, network)
  // Without an answer of the name server, nobody knows whether there is a web site.
  if (lookup.state === 'untested') return report(lookup)
  for (const { url, body, post, reader } of promised) {
    const check = checkOf('foreign-answer', url, 'our document, or an error such as 404')
    const answer = await ask(url, network, post)
    if (!answer.ok) report(check.ok(answer.error))
    else if (answer.value.status >= 300 || answer.value.body.equals(body))
      report(check.ok(wordsOf(answer.value)))
    else
      report(
        check.problem(wordsOf(answer.value), `answer 404 there, or forward it to mail-autoconfig: ${reader}`),
      )
  }
}

function wordsOf({ status, body, urls }: WebAnswer): string {
  const from = urls.length > 1 ? ` from ${urls.at(-1)}` : ''
  return `status ${status}, ${body.length} bytes${from}`
}
