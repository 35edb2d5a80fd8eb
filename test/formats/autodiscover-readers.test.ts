import fc from 'fast-check'
import t from 'tap'
import { deltaChat, endsTheSearch } from '../../src/rehearsal/autodiscover-readers/delta-chat.ts'
import { readers } from '../../src/rehearsal/autodiscover-readers/index.ts'
import { readMustangJson } from '../../src/rehearsal/autodiscover-readers/mustang.ts'
import type { Answer, Reader } from '../../src/rehearsal/autodiscover-readers/reader.ts'
import { snappymail } from '../../src/rehearsal/autodiscover-readers/snappymail.ts'
import { Rejected } from '../../src/rehearsal/readers/reader.ts'
import {
  childrenNamed,
  descendants,
  type Element,
  firstChild,
  parseXml,
  textOf,
} from '../../src/rehearsal/readers/xml.ts'
import {
  asked,
  breakages,
  error,
  exampleFor,
  loginFor,
  tolerances,
} from '../support/readers/autodiscover-breakages.ts'
import { damaged, goldenDocuments, outcomeOf } from '../support/readers/outcome.ts'

for (const reader of readers) {
  const example = exampleFor(loginFor(reader))
  const automatic = reader === deltaChat ? 'automatic' : 'SSL'

  t.test(`${reader.name} sets up the right account from the document that all clients accept`, async (t) => {
    const { incoming, outgoing } = reader.read(answer(example), asked)
    const common = { socketType: automatic, username: asked.address }
    t.hasStrict(incoming, { hostname: 'imap.example.com', port: 993, ...common })
    t.hasStrict(outgoing, { hostname: 'smtp.example.com', port: 465, ...common })
  })

  t.test(`${reader.name} fails at the documents at which the real client fails`, async (t) => {
    const good = reader.read(answer(example), asked)
    const cases = breakages.filter((breakage) => breakage.reader === reader)
    t.not(cases.length, 0)
    for (const { name, change, around, outcome } of cases) {
      const result = outcomeOf(() => reader.read({ ...answer(change(example)), ...around }, asked))
      if (outcome instanceof RegExp) {
        t.type(result, Rejected, name)
        t.match(result, { message: outcome }, name)
      } else {
        t.hasStrict(result, outcome, name)
        t.notSame(result, good, name)
      }
    }
  })

  t.test(`${reader.name} accepts the documents that the real client accepts`, async (t) => {
    const good = reader.read(answer(example), asked)
    for (const { name, change } of tolerances.filter(({ readers }) => readers.includes(reader))) {
      const changed = change(example)
      t.not(changed, example, name)
      t.strictSame(
        outcomeOf(() => reader.read(answer(changed), asked)),
        good,
        name,
      )
    }
  })

  t.test(`${reader.name} finds no account in an error`, async (t) => {
    for (const code of [500, 600, 601]) {
      const result = outcomeOf(() => reader.read(answer(error(code)), asked))
      t.type(result, Rejected)
      if (reader === deltaChat)
        t.match(result, { message: endsTheSearch }, 'so it must not get one with status 200')
    }
  })

  t.test(`${reader.name} returns an account or a reason for any damaged document`, async (t) => {
    t.doesNotThrow(() =>
      fc.assert(
        fc.property(damaged(example, 'off'), (document) => {
          outcomeOf(() => reader.read(answer(document), asked))
        }),
        { seed: 1, numRuns: 300 },
      ),
    )
  })
}

t.test('Mustang accepts only the https URL of an Exchange server', async (t) => {
  const read = (text: string, around: Partial<Answer> = {}) => readMustangJson({ ...answer(text), ...around })
  const good = '{"Protocol":"Ews","Url":"https://mail.example.com/EWS/Exchange.asmx"}'
  t.equal(read(good).href, 'https://mail.example.com/EWS/Exchange.asmx')
  for (const [name, text, reason, around] of [
    ['status 404', good, /status 404/, { status: 404 }],
    ['not JSON', '<html>', /no JSON/],
    ['JSON that is not an object', 'null', /no JSON/],
    ['an error', '{"ErrorCode":"InvalidProtocol","ErrorMessage":"Not here"}', /Not here/],
    ['an error and a URL', good.replace('{', '{"ErrorMessage":"Not here",'), /Not here/],
    ['no URL', '{"Protocol":"Ews"}', /no URL found/],
    ['a name in lower case', good.replace('Url', 'url'), /no URL found/],
    ['an incomplete URL', good.replace('https://', ''), /no URL/],
    ['http', good.replace('https', 'http'), /not https/],
  ] as const) {
    t.throws(() => read(text, around), { name: 'Rejected', message: reason }, name)
  }
})

t.test('every client reads every golden document as expected', async (t) => {
  for (const { name, document, asksForAll } of goldenDocuments('autodiscover.xml')) {
    const { servers, login } = whatIsWritten(document)
    const address = login ?? 'jane.doe@example.com'
    const whose = { domain: address.slice(address.lastIndexOf('@') + 1), address }
    for (const reader of readers) {
      const result = outcomeOf(() => reader.read(answer(document), whose))
      const expected = expectedOf(reader, servers)
      if (expected === undefined) {
        t.type(result, Rejected, `${reader.name} rejects ${name}`)
        continue
      }
      // Of two servers of one type, which `shape: all` permits, each client chooses one.
      if (asksForAll) t.notOk(result instanceof Rejected, `${reader.name} accepts ${name}`)
      else t.hasStrict(result, expected, `${reader.name} reads ${name}`)
    }
  }
})

function answer(document: string | Uint8Array): Answer {
  const body = typeof document === 'string' ? new TextEncoder().encode(document) : document
  return { status: 200, contentType: 'text/xml; charset=utf-8', body }
}

interface Written {
  readonly type: string
  readonly hostname: string
  readonly port: number
  readonly socketType: string
}

/** The servers of the document for a correct reader, and its login name, if it contains one. */
function whatIsWritten(document: Uint8Array): { servers: readonly Written[]; login: string | undefined } {
  const elements = [...descendants(parseXml(document).root)]
  const protocols = elements.filter(({ name }) => name === 'Protocol')
  const value = (protocol: Element, name: string) => {
    const element = firstChild(protocol, name)
    return element && textOf(element)
  }
  return {
    servers: protocols.map((protocol) => ({
      type: String(value(protocol, 'Type')).toLowerCase(),
      hostname: String(value(protocol, 'Server')),
      port: Number(value(protocol, 'Port')),
      socketType: value(protocol, 'Encryption') === 'TLS' ? 'STARTTLS' : 'SSL',
    })),
    login: protocols.flatMap((protocol) => childrenNamed(protocol, 'LoginName').map(textOf))[0],
  }
}

/** `undefined` if the client gets no server for incoming or none for outgoing mail. */
function expectedOf(reader: Reader, servers: readonly Written[]) {
  const incoming = servers.find(({ type }) => type === 'imap' || (type === 'pop3' && reader.needs !== 'imap'))
  const outgoing = servers.find(({ type }) => type === 'smtp')
  if (!incoming || !outgoing) return undefined
  const seen = ({ type, hostname, port, socketType }: Written) => ({
    // SnappyMail keeps the case of the word.
    type: reader === snappymail ? type.toUpperCase() : type,
    hostname,
    port,
    socketType: reader === deltaChat ? 'automatic' : socketType,
  })
  return { incoming: seen(incoming), outgoing: seen(outgoing) }
}
