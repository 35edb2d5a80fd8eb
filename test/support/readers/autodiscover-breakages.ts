import { deltaChat, endsTheSearch } from '../../../src/rehearsal/autodiscover-readers/delta-chat.ts'
import { fairemail } from '../../../src/rehearsal/autodiscover-readers/fairemail.ts'
import { readers } from '../../../src/rehearsal/autodiscover-readers/index.ts'
import type { Answer, Reader } from '../../../src/rehearsal/autodiscover-readers/reader.ts'
import { snappymail } from '../../../src/rehearsal/autodiscover-readers/snappymail.ts'
import { thunderbird } from '../../../src/rehearsal/autodiscover-readers/thunderbird.ts'
import type { Asked } from '../../../src/rehearsal/readers/reader.ts'
import {
  after,
  before,
  type Change,
  type Misread,
  remove,
  removeElement,
  replace,
  replaceAll,
} from './breakages.ts'

export const asked: Asked = { domain: 'example.com', address: 'jane.doe@example.com' }

const protocol = (type: string, server: string, port: number, login: string): string => `
      <Protocol>
        <Type>${type}</Type>
        <Server>${server}</Server>
        <Port>${port}</Port>
        <DomainRequired>off</DomainRequired>
        <LoginName>${login}</LoginName>
        <SPA>off</SPA>
        <SSL>on</SSL>
        <Encryption>SSL</Encryption>
        <AuthRequired>on</AuthRequired>
      </Protocol>`

/** The shape that every client takes, for a login. Each breakage is this document with one thing changed. */
export const exampleFor = (login: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
  <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
    <Account>
      <AccountType>email</AccountType>
      <Action>settings</Action>${[
        protocol('IMAP', 'imap.example.com', 993, login),
        protocol('POP3', 'pop.example.com', 995, login),
        protocol('SMTP', 'smtp.example.com', 465, login),
      ].join('')}
    </Account>
  </Response>
</Autodiscover>
`

/** To the address that the client sends in its request. */
export const loginFor = (reader: Reader): string =>
  reader === snappymail ? `autodiscover@${asked.domain}` : asked.address

export const error = (code: number): string => `<?xml version="1.0" encoding="UTF-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
  <Response>
    <Error Time="00:00:00.0000000" Id="1">
      <ErrorCode>${code}</ErrorCode>
      <Message>No.</Message>
      <DebugData/>
    </Error>
  </Response>
</Autodiscover>
`

export interface Breakage {
  readonly reader: Reader
  readonly name: string
  readonly change: Change
  /** The answer around the document, where that is what is changed. */
  readonly around: Partial<Answer>
  /** What the client says as it gives up, or what it sets up wrongly. */
  readonly outcome: RegExp | Misread
}

type Case = readonly [name: string, change: Change | Partial<Answer>, outcome: RegExp | Misread]

const same: Change = (xml) => xml
const accountType = '<AccountType>email</AccountType>'
const action = '<Action>settings</Action>'
const imap = '<Type>IMAP</Type>'
const type = (text: string): Change => replace(imap, `<Type>${text}</Type>`)
const ssl = (text: string): Change => replaceAll('<SSL>on</SSL>', `<SSL>${text}</SSL>`)
const login = (text: string): Change => replaceAll('<LoginName>jane.doe@example.com', `<LoginName>${text}`)
const noImap = type('WEB')
const noSmtp = replace('<Type>SMTP</Type>', '<Type>WEB</Type>')
const noPort = remove('<Port>993</Port>')
const noServer = remove('<Server>imap.example.com</Server>')
const port = (number: string): Change => replace('<Port>993<', `<Port>${number}<`)
const spacedPort = port(' 993 ')
const prefixed: Change = (xml) => xml.replace(/<(\/?)(?=[A-Z])/g, '<$1a:').replace(' xmlns=', ' xmlns:a=')
const settingsLast: Change = (xml) =>
  before('</Account>', accountType + action)(remove(accountType)(remove(action)(xml)))
const illFormed = remove('</Account>')
const html: Partial<Answer> = { contentType: 'text/html; charset=utf-8' }
const notFound: Partial<Answer> = { status: 404 }
const nonAuthoritative: Partial<Answer> = { status: 203 }

export const breakages: readonly Breakage[] = [
  ...breaking(thunderbird, [
    ['status 404', notFound, /status 404/],
    ['text/html', html, /media type/],
    ['a media type in capitals', { contentType: 'Text/XML' }, /media type/],
    ['no media type', { contentType: '' }, /media type/],
    ['what is not well-formed', illFormed, /not well-formed/],
    ['prefixed names', prefixed, /no Autodiscover/],
    ['names in small letters', (xml) => xml.toLowerCase(), /no Autodiscover/],
    ['no protocol', removeElement('Protocol'), /no Protocol/],
    [
      'another address to ask about',
      before(accountType, '<RedirectAddr>j@example.net</RedirectAddr>'),
      /asks on/,
    ],
    ['types in small letters', (xml) => type('imap')(replace('>POP3<', '>pop3<')(xml)), /no usable incoming/],
    ['imap in small letters', type('imap'), { incoming: { type: 'pop3' } }],
    ['an attribute on Type', replace(imap, '<Type x="1">IMAP</Type>'), { incoming: { type: 'pop3' } }],
    ['no outgoing server', noSmtp, /no usable outgoing/],
    ['an empty SSL', ssl(''), /no usable incoming/],
    ['SSL true', ssl('true'), /no usable incoming/],
    ['SSL off', ssl('off'), { incoming: { socketType: 'plain' }, outgoing: { socketType: 'plain' } }],
    ['SSL OFF', ssl('OFF'), { incoming: { socketType: 'plain' } }],
    ['Encryption None', replace('>SSL<', '>None<'), { incoming: { socketType: 'plain' } }],
    ['port 143', port('143'), { incoming: { port: 143, socketType: 'STARTTLS' } }],
    ['port 587', replace('465', '587'), { outgoing: { port: 587, socketType: 'STARTTLS' } }],
    ['no port', noPort, { incoming: { type: 'pop3' } }],
    ['no server', noServer, { incoming: { type: 'pop3' } }],
    ['an underscore in a host name', replace('imap.', 'im_ap.'), { incoming: { type: 'pop3' } }],
    ['SPA on', replace('<SPA>off', '<SPA>on'), { incoming: { authentication: 'NTLM' } }],
    ['a numeric login', login('0012345'), { incoming: { username: '12345' } }],
    ['an empty login', login(''), { incoming: { username: 'true' } }],
  ]),
  ...breaking(fairemail, [
    ['status 404', notFound, /status 404/],
    ['a success that is not 200', nonAuthoritative, /status 203/],
    ['what is not well-formed', illFormed, /not well-formed/],
    ['prefixed names', prefixed, /no usable incoming/],
    ['names in small letters', (xml) => xml.toLowerCase(), /no usable incoming/],
    ['AccountType and Action behind the protocols', settingsLast, /no usable incoming/],
    ['no AccountType', remove(accountType), /no usable incoming/],
    ['an AccountType in capitals', replace('>email<', '>EMAIL<'), /no usable incoming/],
    ['another Action', replace('>settings<', '>redirectUrl<'), /no usable incoming/],
    ['a type in small letters', type('imap'), /no usable incoming/],
    ['POP3 alone', noImap, /no usable incoming/],
    ['no port', noPort, /no usable incoming/],
    ['a port with spaces', spacedPort, /no usable incoming/],
    ['no server', noServer, /no usable incoming/],
    ['no outgoing server', noSmtp, /no usable outgoing/],
    [
      'two of one type',
      replace('>POP3<', '>IMAP<'),
      { incoming: { hostname: 'pop.example.com', port: 995 } },
    ],
    ['port 143', port('143'), { incoming: { port: 143, socketType: 'STARTTLS' } }],
    ['port 587', replace('465', '587'), { outgoing: { socketType: 'STARTTLS' } }],
    ['an element inside AccountType', replace('>email<', '><b>email</b><'), /no usable incoming/],
  ]),
  ...breaking(deltaChat, [
    ['status 404', notFound, /status 404/],
    ['what is not well-formed', illFormed, /not well-formed/],
    ['an error with status 200', () => error(500), new RegExp(endsTheSearch)],
    ['another document', () => '<html/>', new RegExp(endsTheSearch)],
    ['another URL', before(accountType, '<RedirectUrl>https://example.net/</RedirectUrl>'), /another URL/],
    ['no port', noPort, /no usable incoming/],
    ['a port too large', port('65536'), { incoming: { port: 0 } }],
    ['no server', noServer, /no usable incoming/],
    ['a server in CDATA', replace('imap.example.com', '<![CDATA[imap.example.com]]>'), /no usable incoming/],
    ['POP3 alone', noImap, /no usable incoming/],
    ['no outgoing server', noSmtp, /no usable outgoing/],
    ['SSL off', ssl('off'), { incoming: { socketType: 'plain' } }],
  ]),
  ...breaking(snappymail, [
    ['status 404', notFound, /status 404/],
    ['what is not well-formed', illFormed, /not well-formed/],
    ['prefixed names', prefixed, /no Account/],
    ['names in small letters', (xml) => xml.toLowerCase(), /no Account/],
    ['two responses', after('</Response>', '<Response/>'), /no Account/],
    ['no protocol', removeElement('Protocol'), /no Protocol/],
    [
      'one protocol',
      (xml) => `${xml.slice(0, xml.indexOf('</Protocol>'))}</Protocol></Account></Response></Autodiscover>`,
      /no list/,
    ],
    ['no AccountType', remove(accountType), /no account of mail/],
    ['an AccountType in capitals', replace('>email<', '>EMAIL<'), /no account of mail/],
    ['an empty AccountType', replace('>email<', '><'), /no account of mail/],
    ['a type in small letters', type('imap'), /no usable incoming/],
    ['POP3 alone', noImap, /no usable incoming/],
    ['no outgoing server', noSmtp, /no usable outgoing/],
    ['SSL in capitals', ssl('ON'), { incoming: { socketType: '' }, outgoing: { socketType: '' } }],
    ['an empty SSL', ssl(''), { incoming: { socketType: '' }, outgoing: { socketType: '' } }],
    ['a port of its own', port('1993'), { incoming: { port: 1993, socketType: 'STARTTLS' } }],
    ['port 587', replace('465', '587'), { outgoing: { port: 587, socketType: 'STARTTLS' } }],
    ['another LoginName', replaceAll('autodiscover@', 'Autodiscover@'), { incoming: { username: '' } }],
    [
      'no LoginName',
      replaceAll('<LoginName>autodiscover@example.com</LoginName>', ''),
      { incoming: { username: '' } },
    ],
  ]),
]

export interface Tolerance {
  readonly name: string
  readonly change: Change
  readonly readers: readonly Reader[]
}

const dav = `<Protocol><Type>CalDAV</Type><Server>https://dav.example.com/</Server><DomainRequired>off</DomainRequired></Protocol>`

export const tolerances: readonly Tolerance[] = [
  { name: 'a protocol that it does not know', change: after(action, dav), readers },
  {
    name: 'a person with a name',
    change: before('<Account>', '<User><DisplayName>Jane &amp; Joe</DisplayName></User>'),
    readers,
  },
  { name: 'other words about STARTTLS', change: replaceAll('>SSL<', '>TLS<'), readers },
  { name: 'no Encryption', change: replaceAll('<Encryption>SSL</Encryption>', ''), readers },
  { name: 'no SPA', change: replaceAll('<SPA>off</SPA>', ''), readers },
  { name: 'no namespace', change: (xml) => xml.replaceAll(/ xmlns="[^"]*"/g, ''), readers },
  { name: 'no XML declaration', change: (xml) => xml.slice(xml.indexOf('<Autodiscover')), readers },
  { name: 'a comment', change: before('<Account>', '<!-- here -->'), readers },
  {
    name: 'AccountType and Action behind the protocols',
    change: settingsLast,
    readers: [thunderbird, deltaChat, snappymail],
  },
  { name: 'names in small letters', change: (xml) => xml.toLowerCase(), readers: [deltaChat] },
  { name: 'SSL in capitals', change: ssl('ON'), readers: [thunderbird, fairemail, deltaChat] },
  { name: 'no SSL', change: replaceAll('<SSL>on</SSL>', ''), readers: [thunderbird, fairemail, deltaChat] },
  { name: 'a port with spaces', change: spacedPort, readers: [thunderbird, deltaChat, snappymail] },
  {
    name: 'no LoginName',
    change: (xml) => xml.replaceAll(/<LoginName>.*<\/LoginName>/g, ''),
    readers: [thunderbird, fairemail, deltaChat],
  },
]

function breaking(reader: Reader, cases: readonly Case[]): readonly Breakage[] {
  return cases.map(([name, change, outcome]) =>
    typeof change === 'function'
      ? { reader, name, change, around: {}, outcome }
      : { reader, name, change: same, around: change, outcome },
  )
}
