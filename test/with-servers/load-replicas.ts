import { request } from 'node:http'
import { createInterface } from 'node:readline'

/**
 * Asks a balancer for the settings of domains whose host and login follow from their names, and judges every answer. Reads commands
 * from the standard input, one a line, and answers each with a line:
 *
 *   npx tsx load-replicas.ts HOT COLD RATE BALANCER REPLICA…
 *
 * HOT domains are asked again and again, COLD ones at most once, RATE requests a second; a server is HOST:PORT.
 */
const [hot = 0, cold = 0, rate = 0] = process.argv.slice(2, 5).map(Number)
const [balancer = '', ...replicas] = process.argv.slice(5)

/** The longest that a client waits, and how many requests may be unanswered at once, in which case the load becomes less. */
const patience = 10_000
const mostPending = 300
const interval = 5

interface Answer {
  /** `undefined` if there is no whole answer. */
  readonly status: number | undefined
  /** `Cache-Control`, or the error of the connection. */
  readonly caching: string
  readonly etag: string
  readonly body: string
}

function ask(server: string, host: string, path: string, headers: object = {}): Promise<Answer> {
  const [hostname, port] = server.split(':')
  return new Promise((resolve) => {
    const lost = (error: Error) => resolve({ status: undefined, caching: error.message, etag: '', body: '' })
    // Mail clients open a connection for each request.
    const sent = request(
      { hostname, port, path, headers: { host, ...headers }, agent: false },
      (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (text: string) => {
          body += text
        })
        response.on('error', lost)
        response.on('end', () => {
          const { statusCode: status, headers } = response
          resolve({ status, caching: headers['cache-control'] ?? '', etag: headers.etag ?? '', body })
        })
      },
    )
    sent.setTimeout(patience, () => sent.destroy(new Error('no answer')))
    sent.on('error', lost)
    sent.end()
  })
}

const path = '/mail/config-v1.1.xml'
const domainAt = (index: number): string => `customer${index}.example`
const askAddress = (server: string, index: number): Promise<Answer> =>
  ask(server, 'autoconfig.example.org', `${path}?emailaddress=jane@${domainAt(index)}`)
const askDomain = (server: string, index: number, of = path, headers = {}): Promise<Answer> =>
  ask(server, `autoconfig.${domainAt(index)}`, of, headers)

type Kind = 'right' | 'notNow' | 'falseCacheable' | 'wrong' | 'lost'

function kindOf({ status, caching, body }: Answer, index: number, isAddress: boolean): Kind {
  const isKept = caching !== 'no-store'
  if (status === 404) return isKept ? 'falseCacheable' : 'notNow'
  if (status !== 200) return 'lost'
  const hosts = [...body.matchAll(/<hostname>(.*?)<\/hostname>/g)].map(([, host]) => host)
  const names = [...body.matchAll(/<username>(.*?)<\/username>/g)].map(([, name]) => name)
  const all = (found: unknown[], value: string) => found.length > 0 && found.every((one) => one === value)
  if (!all(hosts, `mx${index % 3}.example.org`)) return 'wrong'
  if (all(names, isAddress ? `user${index}` : '%EMAILADDRESS%')) return 'right'
  // Without the login, these are the settings of the domain, which claim none.
  return isAddress && !isKept && all(names, '%EMAILADDRESS%') ? 'notNow' : 'wrong'
}

/** Nobody has this domain, so a 404 is right, whether it may be cached or not. */
const kindOfUnknown = ({ status }: Answer): Kind =>
  status === 404 ? 'right' : status === 200 ? 'wrong' : 'lost'

/** A steady load until `end`, and what came of it. */
class Phase {
  readonly #counts: Record<Kind, number> = { right: 0, notNow: 0, falseCacheable: 0, wrong: 0, lost: 0 }
  readonly #began = performance.now()
  readonly #pending = new Set<Promise<void>>()
  readonly #timer = setInterval(() => this.#send(), interval)
  readonly #asksCold: boolean
  #due = 0
  #sent = 0
  #hotFalse = 0
  #slowest = 0

  constructor(asksCold: boolean) {
    this.#asksCold = asksCold
  }

  #send(): void {
    const now = ((performance.now() - this.#began) / 1000) * rate
    for (; this.#due < now; this.#due++) {
      if (this.#pending.size >= mostPending) continue
      const asked = this.#ask(this.#sent++).finally(() => this.#pending.delete(asked))
      this.#pending.add(asked)
    }
  }

  async #ask(number: number): Promise<void> {
    const began = performance.now()
    const isUnknown = number % 20 === 7
    const isCold = this.#asksCold && number % 10 === 5 && nextCold < hot + cold
    const index = isCold ? nextCold++ : (number * 7) % hot
    const isAddress = Math.floor(number / 3) % 2 === 0
    const answer = isUnknown
      ? await ask(balancer, `autoconfig.unknown${number % 200}.example`, path)
      : await (isAddress ? askAddress : askDomain)(balancer, index)
    const kind = isUnknown ? kindOfUnknown(answer) : kindOf(answer, index, isAddress)
    this.#counts[kind]++
    if (!isUnknown && !isCold && kind !== 'right') this.#hotFalse++
    if (kind === 'lost') console.error(`${new Date().toISOString()} ${answer.status ?? answer.caching}`)
    this.#slowest = Math.max(this.#slowest, performance.now() - began)
  }

  async end(): Promise<string> {
    clearInterval(this.#timer)
    const seconds = (performance.now() - this.#began) / 1000
    await Promise.all(this.#pending)
    const figures = {
      rate: Math.round(this.#sent / seconds),
      ...this.#counts,
      hotFalse: this.#hotFalse,
      slowest: Math.round(this.#slowest),
    }
    return Object.entries(figures)
      .map(([name, figure]) => `${name}=${figure}`)
      .join(' ')
  }
}

/** Asks each replica for all hot domains, a few at once; how many answers are not right. */
async function warm(): Promise<string> {
  let wrong = 0
  const client = async (server: string, from: number) => {
    for (let index = from; index < hot; index += 8)
      if (kindOf(await askAddress(server, index), index, true) !== 'right') wrong++
  }
  await Promise.all(
    replicas.flatMap((server) => Array.from({ length: 8 }, (_, from) => client(server, from))),
  )
  return String(wrong)
}

/** How many documents differ between the replicas, or are sent again although the client has one of another replica. */
async function compare(): Promise<string> {
  const [first = '', ...others] = replicas
  let differing = 0
  for (let index = 0; index < 60; index++) {
    const of = index % 2 === 0 ? path : '/.well-known/mail-v1.xml'
    const encoding = index % 3 === 0 ? { 'accept-encoding': 'gzip' } : {}
    const one = await askDomain(first, index, of, encoding)
    for (const server of others) {
      const other = await askDomain(server, index, of, encoding)
      const again = await askDomain(server, index, of, { ...encoding, 'if-none-match': one.etag })
      const isSame =
        one.status === 200 && one.etag !== '' && other.etag === one.etag && other.body === one.body
      if (!isSame || again.status !== 304) differing++
    }
  }
  return String(differing)
}

/** Asks each replica for a domain until the answer is right; when all of them were, in milliseconds since 1970. */
let served: Promise<number[]> = Promise.resolve([])
async function watch(index: number): Promise<string> {
  const first = await Promise.all(replicas.map((server) => askAddress(server, index)))
  served = Promise.all(
    replicas.map(async (server) => {
      const end = Date.now() + 15_000
      while (Date.now() < end) {
        if (kindOf(await askAddress(server, index), index, true) === 'right') return Date.now()
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return Number.POSITIVE_INFINITY
    }),
  )
  return first.map(({ status }) => status).join(' ')
}

let nextCold = hot
let phase: Phase | undefined
const commands: Readonly<Record<string, (value: number) => Promise<string>>> = {
  warm,
  compare,
  watch,
  /** `begin 1` asks for cold domains as well. */
  begin: async (asksCold) => {
    phase = new Phase(asksCold === 1)
    return 'begun'
  },
  end: async () => (await phase?.end()) ?? '',
  /** The milliseconds from this time until all replicas served the watched domain. */
  served: async (since) => String(Math.max(...(await served)) - since),
}

for await (const line of createInterface({ input: process.stdin })) {
  const [command = '', value = '0'] = line.split(' ')
  console.log((await commands[command]?.(Number(value))) ?? 'unknown command')
}
process.exit()
