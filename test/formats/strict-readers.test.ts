import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { enoughMail } from '../../src/rehearsal/readers/enough-mail.ts'
import { evolution } from '../../src/rehearsal/readers/evolution.ts'
import { fairemail } from '../../src/rehearsal/readers/fairemail.ts'
import { readers } from '../../src/rehearsal/readers/index.ts'
import { pimalaya } from '../../src/rehearsal/readers/pimalaya.ts'
import { type Asked, fill, fillBare, type Reader, Rejected } from '../../src/rehearsal/readers/reader.ts'
import { descendants, type Element, parseXml, textOf } from '../../src/rehearsal/readers/xml.ts'
import {
  asked,
  breakages,
  type Change,
  example,
  documentation as help,
  pop3,
  pop3Options,
  removeElement,
  replace,
  tolerances,
  webMail,
  withOptions,
} from '../support/readers/breakages.ts'
import { damaged, goldenDocuments, outcomeOf } from '../support/readers/outcome.ts'
import { brokenRules } from '../support/schema/rules.ts'
import { autoconfigSchema, draftSchema, validate } from '../support/schema/validate.ts'

const bytes = (xml: string) => new TextEncoder().encode(xml)

t.test('the XML tree keeps the pieces that a parser delivers', async (t) => {
  const { root } = parseXml(
    bytes('<a x="1">😀 one &amp; two\r\n<!-- c -->&#x41;&#66;<![CDATA[<b>]]><?pi x?> > <b/>three</a>'),
  )
  t.strictSame(root.attributes, { x: '1' })
  t.strictSame(root.parts, [
    { kind: 'text', text: '😀 one ' },
    { kind: 'entity', text: '&' },
    { kind: 'text', text: ' two\n' },
    { kind: 'comment', text: '' },
    { kind: 'entity', text: 'A' },
    { kind: 'entity', text: 'B' },
    { kind: 'cdata', text: '<b>' },
    { kind: 'comment', text: '' },
    { kind: 'text', text: ' > ' },
    { kind: 'text', text: 'three' },
  ])
  t.throws(() => parseXml(bytes('<a></b>')), Rejected)
  t.throws(() => parseXml(Uint8Array.of(0x3c, 0x61, 0xff)), Rejected)
})

for (const reader of readers) {
  t.test(`${reader.name} sets up the right account from the document that all clients accept`, async (t) => {
    const { incoming, outgoing } = reader.read(bytes(example), asked)
    const common = { socketType: 'SSL', username: 'jane.doe@example.com' }
    t.hasStrict(incoming, { type: 'imap', hostname: 'imap.example.com', port: 993, ...common })
    t.hasStrict(outgoing, { type: 'smtp', hostname: 'smtp.example.com', port: 465, ...common })
  })

  t.test(`${reader.name} fails at the documents at which the real client fails`, async (t) => {
    const good = reader.read(bytes(example), asked)
    const cases = breakages.filter((breakage) => breakage.reader === reader)
    t.not(cases.length, 0)
    for (const { name, change, outcome } of cases) {
      const result = outcomeOf(() => reader.read(bytes(change(example)), asked))
      if (outcome instanceof RegExp) {
        t.match(result, { message: outcome }, name)
        t.type(result, Rejected, name)
      } else {
        t.hasStrict(result, outcome, name)
        t.notSame(result, good, name)
      }
    }
  })

  t.test(`${reader.name} accepts the documents that the real client accepts`, async (t) => {
    const good = reader.read(bytes(example), asked)
    for (const { name, change } of tolerances.filter(({ readers }) => readers.includes(reader))) {
      t.strictSame(
        outcomeOf(() => reader.read(bytes(change(example)), asked)),
        good,
        name,
      )
    }
  })

  t.test(`${reader.name} fills in the local part if the document contains its placeholder`, async (t) => {
    const { incoming, outgoing } = reader.read(
      bytes(example.replaceAll('%EMAILADDRESS%', '%EMAILLOCALPART%')),
      asked,
    )
    const expected = reader.username === 'never read' ? asked.address : 'jane.doe'
    t.strictSame([incoming.username, outgoing.username], [expected, expected])
  })

  t.test(`${reader.name} answers a POP3-only domain with POP3, or not at all`, async (t) => {
    const result = outcomeOf(() => reader.read(bytes(example.replace('type="imap"', 'type="pop3"')), asked))
    if (reader.needs === 'imap') t.type(result, Rejected)
    else t.hasStrict(result, { incoming: { type: 'pop3', hostname: 'imap.example.com' } })
  })

  t.test(`${reader.name} returns an account or a reason for any damaged document`, async (t) => {
    t.doesNotThrow(() =>
      fc.assert(
        fc.property(damaged(example, '%EMAILDOMAIN%'), (document) => {
          outcomeOf(() => reader.read(bytes(document), asked))
        }),
        { seed: 1, numRuns: 300 },
      ),
    )
  })
}

t.test('Evolution drops the text before a comment and keeps the text after it', async (t) => {
  const read = (username: string) => {
    const document = example.replaceAll('%EMAILADDRESS%', username)
    return evolution.read(bytes(document), asked).incoming.username
  }
  t.equal(read('%EMAILADDRESS%<!-- c -->'), '')
  t.equal(read('<!-- c -->%EMAILADDRESS%'), asked.address)
  t.equal(read('a<!-- c -->b'), 'b')
  t.equal(read('a&amp;b'), 'a&b')
})

t.test('FairEmail accepts a socketType after its port', async (t) => {
  const { outgoing } = fairemail.read(bytes(example.replace('465', '587')), asked)
  t.hasStrict(outgoing, { port: 587, socketType: 'SSL' })
})

t.test('every golden document is valid and understood', async (t) => {
  for (const { name, document, asksForAll } of goldenDocuments('autoconfig.xml')) {
    if (asksForAll) {
      t.test(`${name} contains more than every client accepts, as configured`, async (t) => {
        t.strictSame(validate(draftSchema, document), [], 'the draft permits it')
        t.not(validate(autoconfigSchema, document).length, 0, 'it is not sent by default')
      })
      continue
    }

    t.test(`${name} follows the rules`, async (t) => {
      t.strictSame(validate(autoconfigSchema, document), [], 'it is sent by default')
      t.strictSame(validate(draftSchema, document), [], 'the draft permits it')
      t.strictSame(brokenRules(document), [])
    })

    t.test(`${name} is understood by every client`, async (t) => {
      const written = whatIsWritten(document)
      for (const reader of readers) {
        const result = outcomeOf(() => reader.read(document, written.asked))
        if (reader.needs === 'imap' && written.incoming.type !== 'imap') {
          t.type(result, Rejected, `${reader.name} does not support POP3`)
          continue
        }
        for (const direction of ['incoming', 'outgoing'] as const) {
          const expected = {
            ...written[direction],
            username: usernameFor(reader, written[direction].username, written.asked),
          }
          t.hasStrict(result, { [direction]: expected }, `${reader.name}, ${direction}`)
        }
      }
    })
  }
})

t.test(
  'every client accepts an internationalised domain, in both spellings that a person can type',
  async (t) => {
    const document = readFileSync('test/golden/an-internationalised-domain/autoconfig.xml')
    for (const domain of ['xn--bcher-kva.example', 'bücher.example']) {
      for (const reader of readers) {
        const address = `info@${domain}`
        const { incoming, outgoing } = reader.read(document, { domain, address })
        const expected = { hostname: 'mail.xn--bcher-kva.example', username: address }
        t.hasStrict({ incoming, outgoing }, { incoming: expected, outgoing: expected }, reader.name)
      }
    }
  },
)

t.test('both schemas accept the document that all clients accept', async (t) => {
  t.strictSame(validate(autoconfigSchema, bytes(example)), [])
  t.strictSame(validate(draftSchema, bytes(example)), [])
  t.strictSame(brokenRules(bytes(example)), [])
})

t.test('the strict schema accepts everything that is sent by default', async (t) => {
  const variants: Readonly<Record<string, Change>> = {
    'imap, pop3 and smtp': replace('<outgoingServer', `${pop3}<outgoingServer`),
    'options of pop3': replace('<outgoingServer', `${withOptions(pop3Options)}<outgoingServer`),
    'pop3 alone': replace('type="imap"', 'type="pop3"'),
    STARTTLS: replace('>SSL<', '>STARTTLS<'),
    'port 65535': replace('>993<', '>65535<'),
    'the local part': (xml) => xml.replaceAll('%EMAILADDRESS%', '%EMAILLOCALPART%'),
    'a literal username': (xml) => xml.replaceAll('%EMAILADDRESS%', 'jane%example.com'),
    OAuth2: replace('>password-cleartext<', '>OAuth2<'),
    'a password after OAuth2': replace(
      '<authentication>',
      '<authentication>OAuth2</authentication><authentication>',
    ),
    'A-labels': (xml) => xml.replaceAll('example.com', 'xn--bcher-kva.example'),
    'A-labels and U-labels': replace('</domain>', '</domain><domain>bücher.example</domain>'),
    'U-labels in every label': replace('</domain>', '</domain><domain>例え.テスト</domain>'),
    'a name of 60 characters': replace('Example Mail', 'x'.repeat(60)),
    'a name beyond ASCII': replace('Example Mail', 'Bücher &amp; Söhne'),
    documentation: replace('</emailProvider>', `${help}${help}</emailProvider>`),
    webMail: replace('</clientConfig>', `${webMail}</clientConfig>`),
  }
  for (const [name, change] of Object.entries(variants)) {
    t.strictSame(validate(autoconfigSchema, bytes(change(example))), [], name)
    t.strictSame(validate(draftSchema, bytes(change(example))), [], name)
  }
})

t.test('the strict schema rejects documents that the draft permits and some client rejects', async (t) => {
  const variants: Readonly<Record<string, Change>> = {
    'version 1.2': replace('version="1.1"', 'version="1.2"'),
    'an attribute on the root': replace('version="1.1"', 'version="1.1" lang="en"'),
    'two providers': replace('</clientConfig>', '<emailProvider id="a.example"/></clientConfig>'),
    'no provider': removeElement('emailProvider'),
    'an id with a space': replace('id="example.com"', 'id="Example Mail"'),
    'an id in upper case': replace('id="example.com"', 'id="EXAMPLE.com"'),
    'no domain': replace('<domain>example.com</domain>', ''),
    'two domains': replace('</domain>', '</domain><domain>example.org</domain>'),
    'three domains': replace('</domain>', '</domain><domain>bücher.example</domain><domain>x.é</domain>'),
    'U-labels before A-labels': replace('<domain>', '<domain>bücher.example</domain><domain>'),
    'a second domain with a space': replace('</domain>', '</domain><domain>bücher example</domain>'),
    'a domain in upper case': replace('<domain>e', '<domain>E'),
    'a domain in U-labels': replace('<domain>example', '<domain>exämple'),
    'a domain with a trailing dot': replace('.com</domain>', '.com.</domain>'),
    'an attribute on domain': replace('<domain>', '<domain purpose="mx">'),
    'spaces around domain': replace('<domain>example.com<', '<domain> example.com <'),
    'no displayName': replace('<displayName>Example Mail</displayName>', ''),
    'an empty displayName': replace('Example Mail', ''),
    'a blank displayName': replace('Example Mail', ' '),
    'a displayName of 61 characters': replace('Example Mail', 'x'.repeat(61)),
    'a placeholder in displayName': replace('Example Mail', 'Mail of %EMAILADDRESS%'),
    'no displayShortName': replace('<displayShortName>Example</displayShortName>', ''),
    'a displayShortName of 21 characters': replace('>Example<', `>${'x'.repeat(21)}<`),
    'an empty displayShortName': replace('>Example<', '><'),
    'spaces around displayShortName': replace('>Example<', '> Example <'),
    'a placeholder in displayShortName': replace('>Example<', '>%EMAILDOMAIN%<'),
    'the names in the wrong order': (xml) => xml.replace(/(<displayName>.*)(\s+)(<displayShort.*)/, '$3$2$1'),
    'the domain after the names': (xml) => xml.replace(/(<domain>.*)(\s+)(<displayName.*)/, '$3$2$1'),
    'no incoming server': removeElement('incomingServer'),
    'no outgoing server': removeElement('outgoingServer'),
    'two imap servers': (xml) => xml.replace(/<incomingServer[\s\S]*<\/incomingServer>/, '$&$&'),
    'two outgoing servers': (xml) => xml.replace(/<outgoingServer[\s\S]*<\/outgoingServer>/, '$&$&'),
    'pop3 before imap': replace('<incomingServer', `${pop3}<incomingServer`),
    'pop3 after smtp': replace('</outgoingServer>', `</outgoingServer>${pop3}`),
    jmap: replace('<incomingServer', '<incomingServer type="jmap"/><incomingServer'),
    'an incoming server of another type': replace('type="imap"', 'type="ews"'),
    'two pop3 servers': replace('<outgoingServer', `${pop3}${pop3}<outgoingServer`),
    'an outgoing server that is imap': replace('type="smtp"', 'type="imap"'),
    'an attribute on a server': replace('type="imap"', 'type="imap" preferred="yes"'),
    'an attribute on hostname': replace('<hostname>', '<hostname x="1">'),
    'an attribute on authentication': replace('<authentication>', '<authentication system="sasl">'),
    'hostname twice': replace('</hostname>', '</hostname><hostname>b.example.com</hostname>'),
    'no hostname': replace('<hostname>imap.example.com</hostname>', ''),
    'an empty hostname': replace('imap.example.com', ''),
    'a placeholder in hostname': replace('imap.example.com', 'imap.%EMAILDOMAIN%'),
    'an underscore in hostname': replace('imap.example.com', 'imap_1.example.com'),
    'a trailing dot on hostname': replace('imap.example.com', 'imap.example.com.'),
    'hostname in upper case': replace('imap.example.com', 'IMAP.example.com'),
    'a hostname that begins with a hyphen': replace('imap.example.com', '-imap.example.com'),
    'brackets around an address': replace('imap.example.com', '[2001:db8::1]'),
    'spaces around hostname': replace('imap.example.com', ' imap.example.com '),
    'a hostname of 254 characters': replace('imap.example.com', `${'abcd.'.repeat(50)}abcd`),
    'a label of 64 characters': replace('imap.example.com', `${'a'.repeat(64)}.example.com`),
    'no port': replace('<port>993</port>', ''),
    'port 65536': replace('>993<', '>65536<'),
    'spaces around port': replace('>993<', '> 993 <'),
    'a port with a leading zero': replace('>993<', '>0993<'),
    'a port with a sign': replace('>993<', '>+993<'),
    'socketType plain': replace('>SSL<', '>plain<'),
    'socketType in lower case': replace('>SSL<', '>ssl<'),
    'spaces around socketType': replace('>SSL<', '> SSL <'),
    'socketType before port': (xml) => xml.replace(/(<port>.*)(\s+)(<socketType>.*)/, '$3$2$1'),
    'no authentication': replace('<authentication>password-cleartext</authentication>', ''),
    'two authentications': (xml) => xml.replace(/<authentication>.*/, '$&$&'),
    'OAuth2 after a password': replace('<username>', '<authentication>OAuth2</authentication><username>'),
    'OAuth2 and two passwords': (xml) =>
      xml.replace(/<authentication>.*/, '<authentication>OAuth2</authentication>$&$&'),
    'OAuth2 twice': replace(
      '<authentication>password-cleartext<',
      '<authentication>OAuth2</authentication><authentication>OAuth2<',
    ),
    'authentication plain': replace('>password-cleartext<', '>plain<'),
    'authentication GSSAPI': replace('>password-cleartext<', '>GSSAPI<'),
    'spaces around authentication': replace('>password-cleartext<', '> password-cleartext <'),
    'no username': replace('<username>%EMAILADDRESS%</username>', ''),
    'an empty username': replace('>%EMAILADDRESS%<', '><'),
    'a blank username': replace('>%EMAILADDRESS%<', '> <'),
    'spaces around username': replace('>%EMAILADDRESS%<', '> %EMAILADDRESS% <'),
    'a space after a literal username': replace('>%EMAILADDRESS%<', '>jane <'),
    'a composed username': replace('>%EMAILADDRESS%<', '>%EMAILLOCALPART%@%EMAILDOMAIN%<'),
    'a placeholder inside a username': replace('>%EMAILADDRESS%<', '>mail-%EMAILLOCALPART%<'),
    'an unknown element': replace('<hostname>', '<password>secret</password><hostname>'),
    'options of pop3 for imap': replace('</incomingServer>', `<pop3>${pop3Options}</pop3></incomingServer>`),
    'empty options of pop3': replace('<outgoingServer', `${withOptions('')}<outgoingServer`),
    'options of pop3 twice': replace(
      '<outgoingServer',
      `${withOptions(`${pop3Options}</pop3><pop3>${pop3Options}`)}<outgoingServer`,
    ),
    'days of pop3 twice': replace(
      '<outgoingServer',
      `${withOptions(pop3Options + pop3Options.replace(/^.*(?=<days)/, ''))}<outgoingServer`,
    ),
    'an option of pop3 that is neither true nor false': replace(
      '<outgoingServer',
      `${withOptions(pop3Options.replace('true', 'yes'))}<outgoingServer`,
    ),
    'days of pop3 that are not a number': replace(
      '<outgoingServer',
      `${withOptions(pop3Options.replace('14', 'many'))}<outgoingServer`,
    ),
    'documentation before the servers': replace('<incomingServer', `${help}<incomingServer`),
    'a documentation that is not a URL': replace(
      '</emailProvider>',
      '<documentation url="help"/></emailProvider>',
    ),
    'a language that is not a tag': replace(
      '</emailProvider>',
      `${help.replace('"en"', '"English please"')}</emailProvider>`,
    ),
    'a blank description': replace('</emailProvider>', `${help.replace('>Help<', '> <')}</emailProvider>`),
    'webMail twice': replace('</clientConfig>', `${webMail}${webMail}</clientConfig>`),
    'webMail without its address': replace(
      '</clientConfig>',
      '<webMail><loginPage/></webMail></clientConfig>',
    ),
    'webMail before the provider': replace('<emailProvider', `${webMail}<emailProvider`),
    'webMail without TLS': replace('</clientConfig>', `${webMail.replace('https', 'http')}</clientConfig>`),
  }
  for (const [name, change] of Object.entries(variants)) {
    const changed = change(example)
    t.not(changed, example, name)
    t.not(validate(autoconfigSchema, bytes(changed)).length, 0, name)
    t.strictSame(validate(draftSchema, bytes(changed)), [], name)
  }
})

t.test('both schemas reject documents that the draft rejects', async (t) => {
  const variants: Readonly<Record<string, Change>> = {
    'no version': replace(' version="1.1"', ''),
    'no id': replace(' id="example.com"', ''),
    'an incoming server without type': replace(' type="imap"', ''),
    'an outgoing server without type': replace(' type="smtp"', ''),
    'a port that is not a number': replace('>993<', '>imaps<'),
    'port 0': replace('>993<', '>0<'),
    'a documentation without url': replace('</emailProvider>', '<documentation/></emailProvider>'),
    'a server under the root': (xml) =>
      xml.replace(/(<outgoingServer[\s\S]*<\/outgoingServer>)\s*(<\/emailProvider>)/, '$2$1'),
    'a domain under the root': replace('</clientConfig>', '<domain>example.com</domain></clientConfig>'),
    'a hostname in the provider': replace('<incomingServer', '<hostname>a.example</hostname><incomingServer'),
    'a clientConfigUpdate without url': replace('</clientConfig>', '<clientConfigUpdate/></clientConfig>'),
    'an element inside username': replace('>%EMAILADDRESS%<', '><b>jane</b><'),
    'text between the elements': replace('<incomingServer', 'servers: <incomingServer'),
    'a default namespace': replace('<clientConfig', '<clientConfig xmlns="urn:x"'),
    'prefixed names': (xml) =>
      xml.replaceAll('emailProvider', 'm:emailProvider').replace(' version', ' xmlns:m="urn:m" version'),
    'another root': (xml) => xml.replaceAll('clientConfig', 'config'),
    'a document that is not well-formed': replace('</domain>', ''),
    'an empty document': () => '',
  }
  for (const [name, change] of Object.entries(variants)) {
    const changed = change(example)
    t.not(changed, example, name)
    t.not(validate(autoconfigSchema, bytes(changed)).length, 0, name)
    t.not(validate(draftSchema, bytes(changed)).length, 0, name)
  }
})

t.test('the schema of the draft rejects its own elements in the wrong place', async (t) => {
  const names =
    `clientConfig emailProvider domain displayName displayShortName documentation incomingServer outgoingServer
    calendar addressbook fileShare chatServer videoConference setupServer url hostname port socketType authentication
    username oAuth2 authURL tokenURL issuer scope clientID clientSecret clientConfigUpdate`.split(/\s+/)
  for (const name of names) {
    const element = `<${name} version="1" id="x" type="x" url="x"/>`
    const document = example.replace(
      '</emailProvider>',
      `<documentation url="x">${element}</documentation>$&`,
    )
    t.not(validate(draftSchema, bytes(document)).length, 0, name)
  }
  const document = example.replace('</clientConfig>', '<descr/>$&')
  t.not(validate(draftSchema, bytes(document)).length, 0, 'descr')
})

t.test('the schema of the draft accepts every element of the format', async (t) => {
  const additions = [
    '<calendar type="caldav"><url>https://dav.example.com/</url><authentication system="http">Basic</authentication></calendar>',
    '<chatServer type="xmpptcp"><hostname>xmpp.example.com</hostname><port>5222</port></chatServer>',
    '<setupServer type="managesieve"/><addressbook type="carddav"/><fileShare type="webdav"/><videoConference type="x"/>',
    '<oAuth2><issuer>example.com</issuer><scope>mail</scope><authURL>a</authURL><tokenURL>b</tokenURL></oAuth2>',
    '<clientConfigUpdate url="https://autoconfig.example.com/mail/config-v1.1.xml"/>',
    '<webMail><loginPageInfo url="https://example.com/"><username>%EMAILADDRESS%</username></loginPageInfo></webMail>',
    '<somethingNew x="1">with <b>anything</b> in it</somethingNew>',
  ]
  for (const addition of additions) {
    const document = bytes(example.replace('<emailProvider', `${addition}<emailProvider new="1"`))
    t.strictSame(validate(draftSchema, document), [], addition)
    t.not(validate(autoconfigSchema, document).length, 0, addition)
  }
})

t.test('the rules that no schema can express are checked', async (t) => {
  const variants: Readonly<Record<string, Change>> = {
    'the first byte is not <': (xml) => `\uFEFF${xml}`,
    'the XML declaration is missing': (xml) => xml.slice(xml.indexOf('<clientConfig')),
    'there is a DOCTYPE': replace('<clientConfig', '<!DOCTYPE clientConfig><clientConfig'),
    'there is a processing instruction': replace('<clientConfig', '<?pi x?><clientConfig'),
    'there is a comment inside a leaf element': replace('%EMAILADDRESS%', '%EMAILADDRESS%<!-- c -->'),
    'there is a CDATA section': replace('%EMAILADDRESS%', '<![CDATA[%EMAILADDRESS%]]>'),
    'the second domain is not the first in U-labels': replace(
      '</domain>',
      '</domain><domain>bücher.example</domain>',
    ),
    'the servers have different user names': replace('%EMAILADDRESS%', '%EMAILLOCALPART%'),
  }
  for (const [rule, change] of Object.entries(variants))
    t.strictSame(brokenRules(bytes(change(example))), [rule])
})

/**
 * The content of the document for a correct reader: the first server of each direction, and the domain.
 */
function whatIsWritten(document: Uint8Array) {
  const elements = [...descendants(parseXml(document).root)]
  const domain = textOf(firstNamed(elements, 'domain'))
  return {
    asked: { domain, address: `jane.doe@${domain}` },
    incoming: serverWritten(firstNamed(elements, 'incomingServer')),
    outgoing: serverWritten(firstNamed(elements, 'outgoingServer')),
  }
}

function serverWritten(element: Element) {
  const value = (name: string) => textOf(firstNamed(element.children, name))
  return {
    type: element.attributes['type'] ?? '',
    hostname: value('hostname'),
    port: Number(value('port')),
    socketType: value('socketType'),
    username: value('username'),
  }
}

function firstNamed(elements: readonly Element[], name: string): Element {
  const found = elements.find((element) => element.name === name)
  if (!found) throw new Error(`the document has no ${name}`)
  return found
}

function usernameFor(reader: Reader, written: string, whose: Asked): string {
  if (reader.username === 'never read') return whose.address
  return reader.username === 'bare placeholders only'
    ? (fillBare(written, whose) ?? '')
    : fill(written, whose)
}

t.test('readers accept what is missing or odd as their clients do', (t) => {
  const asked = { domain: 'example.org', address: 'jane@example.org' }
  const documentOf = (incoming: string, end = '') =>
    Buffer.from(
      `<clientConfig version="1.1"><emailProvider id="a"><domain>example.org</domain>${incoming}<outgoingServer type="smtp"><hostname>a</hostname><port>465</port><socketType>SSL</socketType><authentication>password-cleartext</authentication></outgoingServer></emailProvider>${end}</clientConfig>`,
    )
  const server = (attributes: string, children: string) =>
    `<incomingServer${attributes}>${children}</incomingServer>`
  const name = '<hostname>mx&#x2e;example</hostname>'
  t.match(enoughMail.read(documentOf(server('', `${name}<port>x</port>`)), asked), {
    incoming: { type: '', hostname: 'mx.example', port: 0, socketType: '', username: '' },
  })
  t.match(enoughMail.read(documentOf(server(' type="imap"', '<hostname>mx&#46;example</hostname>')), asked), {
    incoming: { hostname: 'mx.example' },
  })
  const rejects = (incoming: string) => t.throws(() => pimalaya.read(documentOf(incoming), asked), Rejected)
  rejects(server('', `${name}<port>993</port>`))
  rejects(server(' type="imap"', `${name}<port>993</port><authentication/>`))
  rejects(server(' type="imap"', `${name}`))
  t.match(pimalaya.read(documentOf(server(' type="imap"', `${name}<port>993</port>`)), asked), {
    incoming: { port: 993, username: '' },
  })
  t.end()
})
