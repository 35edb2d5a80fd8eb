import { aerc } from '../../../src/rehearsal/readers/aerc.ts'
import { deltaChat } from '../../../src/rehearsal/readers/delta-chat.ts'
import { emailEngine } from '../../../src/rehearsal/readers/email-engine.ts'
import { enoughMail } from '../../../src/rehearsal/readers/enough-mail.ts'
import { evolution } from '../../../src/rehearsal/readers/evolution.ts'
import { fairemail } from '../../../src/rehearsal/readers/fairemail.ts'
import { geary } from '../../../src/rehearsal/readers/geary.ts'
import { gnomeOnlineAccounts } from '../../../src/rehearsal/readers/gnome-online-accounts.ts'
import { horde } from '../../../src/rehearsal/readers/horde.ts'
import { readers } from '../../../src/rehearsal/readers/index.ts'
import { kmail } from '../../../src/rehearsal/readers/kmail.ts'
import { mailspring } from '../../../src/rehearsal/readers/mailspring.ts'
import { mustang } from '../../../src/rehearsal/readers/mustang.ts'
import { nextcloud } from '../../../src/rehearsal/readers/nextcloud.ts'
import { pimalaya } from '../../../src/rehearsal/readers/pimalaya.ts'
import type { Asked, Reader, Server } from '../../../src/rehearsal/readers/reader.ts'
import { snappymail } from '../../../src/rehearsal/readers/snappymail.ts'
import { thunderbird } from '../../../src/rehearsal/readers/thunderbird.ts'
import { thunderbirdAndroid } from '../../../src/rehearsal/readers/thunderbird-android.ts'
import { thunderbirdIos } from '../../../src/rehearsal/readers/thunderbird-ios.ts'

export const asked: Asked = { domain: 'example.com', address: 'jane.doe@example.com' }

/** The shape that every client takes. Each breakage is this document with one thing changed. */
export const example = `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="example.com">
    <domain>example.com</domain>
    <displayName>Example Mail</displayName>
    <displayShortName>Example</displayShortName>
    <incomingServer type="imap">
      <hostname>imap.example.com</hostname>
      <port>993</port>
      <socketType>SSL</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </incomingServer>
    <outgoingServer type="smtp">
      <hostname>smtp.example.com</hostname>
      <port>465</port>
      <socketType>SSL</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </outgoingServer>
  </emailProvider>
</clientConfig>
`

/** Throws where there is nothing to change, so that a change never passes for one by changing nothing. */
export type Change = (xml: string) => string

export interface Breakage {
  readonly reader: Reader
  readonly name: string
  readonly change: Change
  /** What the client says as it discards the document, or what it sets up wrongly. */
  readonly outcome: RegExp | Misread
}

export interface Misread {
  readonly incoming?: Partial<Server>
  readonly outgoing?: Partial<Server>
  readonly displayName?: string
}

/** Where the text occurs more than once, the incoming server's is the first. */
export function replace(from: string, to: string): Change {
  return (xml) => {
    if (!xml.includes(from)) throw new Error(`nothing to change: the document has no ${from}`)
    return xml.replace(from, () => to)
  }
}

export function replaceAll(from: string, to: string): Change {
  return (xml) => replace(from, to)(xml).replaceAll(from, () => to)
}

export function remove(text: string): Change {
  return replace(text, '')
}

/** The element with all it holds; where there are several, from the first to the last. */
export function removeElement(name: string): Change {
  return (xml) => remove(xml.match(new RegExp(`<${name}[\\s\\S]*</${name}>`))?.[0] ?? name)(xml)
}

export function before(place: string, addition: string): Change {
  return replace(place, addition + place)
}

export function after(place: string, addition: string): Change {
  return replace(place, place + addition)
}

const incoming = '<incomingServer type="imap">'
const outgoing = '<outgoingServer type="smtp">'
const outgoingEnd = '</outgoingServer>'
const hostname = '<hostname>imap.example.com</hostname>'
const port = '<port>993</port>'
const socketType = '<socketType>SSL</socketType>'
const authentication = '<authentication>password-cleartext</authentication>'
const username = '<username>%EMAILADDRESS%</username>'
const displayName = '<displayName>Example Mail</displayName>'
const domain = '<domain>example.com</domain>'

function server(tag: string, hostname: string, port: number, socketType = 'SSL'): string {
  const [element] = tag.split(' ')
  return `<${tag}><hostname>${hostname}</hostname><port>${port}</port><socketType>${socketType}</socketType>${authentication}${username}</${element}>`
}

export const pop3 = server('incomingServer type="pop3"', 'pop.example.com', 995)
export const pop3Options =
  '<leaveMessagesOnServer>true</leaveMessagesOnServer><daysToLeaveMessagesOnServer>14</daysToLeaveMessagesOnServer>'
export function withOptions(options: string): string {
  return pop3.replace('</incoming', `<pop3>${options}</pop3></incoming`)
}

export const documentation =
  '<documentation url="https://example.com/help"><descr lang="en">Help</descr></documentation>'
export const webMail = '<webMail><loginPage url="https://webmail.example.com/"/></webMail>'
const jmap = '<incomingServer type="jmap"><url>https://jmap.example.com/session</url></incomingServer>'
const secondImap = server('incomingServer type="imap"', 'imap2.example.com', 143, 'STARTTLS')
const secondSmtp = server('outgoingServer type="smtp"', 'smtp2.example.com', 587, 'STARTTLS')

const noOutgoing = removeElement('outgoingServer')
const noIncoming = removeElement('incomingServer')
const jmapFirst = before(incoming, jmap)
const pop3First = before(incoming, pop3)
const twoImap = before(outgoing, secondImap)
const twoSmtp = after(outgoingEnd, secondSmtp)
const twoAuthentications = replace(
  authentication,
  `${authentication}<authentication>password-encrypted</authentication>`,
)
const prefixed: Change = (xml) =>
  xml.replace(/<(\/?)(?=[a-zA-Z])/g, '<$1m:').replace(' version="1.1"', ' xmlns:m="urn:m"$&')
const byteOrderMark: Change = (xml) => `\uFEFF${xml}`
const cdataUsername = replaceAll(username, '<username><![CDATA[%EMAILADDRESS%]]></username>')
const commentInUsername = replaceAll(username, '<username>%EMAILADDRESS%<!-- the address --></username>')
const composedUsername = replaceAll(username, '<username>%EMAILLOCALPART%@%EMAILDOMAIN%</username>')
const composedHostname = replace('imap.example.com', 'imap.%EMAILDOMAIN%')
const spacedHostname = replace(hostname, '<hostname> imap.example.com </hostname>')
const spacedPort = replace(port, '<port> 993 </port>')
const misspelledSocketType = replace(socketType, '<socketType>TLS</socketType>')
const plainSocketType = replace(socketType, '<socketType>plain</socketType>')
const literalUsername = replaceAll(username, '<username>u0815</username>')
const numericUsername = replaceAll(username, '<username>0012345</username>')
const oAuth2Only = replaceAll(authentication, '<authentication>OAuth2</authentication>')
const extraAttribute = replace(incoming, '<incomingServer type="imap" preferred="yes">')
const attributeOnHostname = replace(hostname, '<hostname kind="public">imap.example.com</hostname>')
const noId = remove(' id="example.com"')
const idWithSpace = replace('id="example.com"', 'id="Example Mail"')
const noDomain = remove(domain)
const otherDomain = replace(domain, '<domain>example.org</domain>')
const gssapi = replace(authentication, '<authentication>GSSAPI</authentication>')
const incompleteOAuth2 = before(
  '</clientConfig>',
  '<oAuth2><issuer>example.com</issuer><scope>mail</scope></oAuth2>',
)
const entityInUsername = replaceAll(username, '<username>jane&amp;joe</username>')
const otherRoot = replaceAll('clientConfig', 'config')
const noProvider = replaceAll('emailProvider', 'provider')
const port65536 = replace(port, '<port>65536</port>')
const portName = replace(port, '<port>imaps</port>')
const oAuth2Second = after(authentication, '<authentication>OAuth2</authentication>')
const htmlEntity = replace('Example Mail', 'Example&nbsp;Mail')

export const breakages: readonly Breakage[] = [
  ...breaking(thunderbird, [
    [
      'a comment alone as username',
      replaceAll(username, '<username><!-- x --></username>'),
      { incoming: { username: '[object Object]' } },
    ],
    [
      'an empty provider',
      (xml) => xml.replace(/<emailProvider.*<\/emailProvider>/s, '<emailProvider/>'),
      /id is not a host name/,
    ],
    ['no server of a type it knows', replace('type="imap"', 'type="newtype"'), /no usable incoming/],
    [
      'a username like TRUE',
      replace(username, '<username>TRUE</username>'),
      { incoming: { username: 'true' } },
    ],
    [
      'a placeholder in displayName',
      replace('Example Mail', '%EMAILADDRESS%'),
      { displayName: asked.address },
    ],
    ['another root', otherRoot, /no clientConfig/],
    ['no provider', noProvider, /no emailProvider/],
    ['a provider without id', noId, /id is not a host name/],
    ['an id with a space', idWithSpace, /id is not a host name/],
    ['no domain', noDomain, /no domain/],
    [
      'a domain only with an attribute',
      replace('<domain>', '<domain purpose="mx">'),
      /no domain is a host name/,
    ],
    ['no incoming server', noIncoming, /no usable incoming/],
    ['no outgoing server', noOutgoing, /no usable outgoing/],
    ['an attribute on hostname', attributeOnHostname, /no usable incoming/],
    [
      'an attribute on authentication',
      replace('<authentication>', '<authentication system="sasl">'),
      /no usable incoming/,
    ],
    [
      'an attribute on username',
      replace('<username>', '<username x="1">'),
      { incoming: { username: '[object Object]' } },
    ],
    [
      'an element inside username',
      replace(username, '<username>u<b/></username>'),
      { incoming: { username: '[object Object]' } },
    ],
    ['an underscore in hostname', replace('imap.', 'imap_1.'), /no usable incoming/],
    [
      'a hostname that is not ASCII',
      replace(hostname, '<hostname>imap.bücher.example</hostname>'),
      /no usable incoming/,
    ],
    [
      'brackets around an address',
      replace(hostname, '<hostname>[2001:db8::1]</hostname>'),
      /no usable incoming/,
    ],
    ['no hostname', remove(hostname), /no usable incoming/],
    ['no port', remove(port), /no usable incoming/],
    ['port 0', replace(port, '<port>0</port>'), /no usable incoming/],
    ['port 65536', port65536, /no usable incoming/],
    ['spaces around socketType', replace(socketType, '<socketType> SSL </socketType>'), /no usable incoming/],
    ['socketType in lower case', replace(socketType, '<socketType>ssl</socketType>'), /no usable incoming/],
    ['socketType TLS', misspelledSocketType, /no usable incoming/],
    ['socketType plain', plainSocketType, { incoming: { socketType: 'plain' } }],
    ['no authentication', remove(authentication), /no usable incoming/],
    [
      'spaces around authentication',
      replace(authentication, '<authentication> password-cleartext </authentication>'),
      /no usable/,
    ],
    ['OAuth2 for a host it does not know', oAuth2Only, /no usable incoming/],
    ['no username', remove(username), { incoming: { username: 'undefined' } }],
    ['an empty username', replace(username, '<username/>'), { incoming: { username: 'true' } }],
    [
      'a username of digits',
      numericUsername,
      { incoming: { username: '12345' }, outgoing: { username: '12345' } },
    ],
    [
      'a username like 1e5',
      replace(username, '<username>1e5</username>'),
      { incoming: { username: '100000' } },
    ],
    ['a username like 0x1F', replace(username, '<username>0x1F</username>'), { incoming: { username: '0' } }],
    [
      'spaces around username',
      replace(username, '<username> jane </username>'),
      { incoming: { username: ' jane ' } },
    ],
    [
      'hostname twice',
      before(hostname, '<hostname>old.example.com</hostname>'),
      { incoming: { hostname: 'old.example.com' } },
    ],
    ['pop3 before imap', pop3First, { incoming: { type: 'pop3', hostname: 'pop.example.com', port: 995 } }],
    ['no displayName', remove(displayName), { displayName: 'undefined' }],
    [
      'a language on displayName',
      replace('<displayName>', '<displayName lang="en">'),
      { displayName: '[object Object]' },
    ],
    ['prefixed names', prefixed, /no clientConfig/],
    ['an entity of HTML', htmlEntity, /not well-formed/],
  ]),
  ...breaking(thunderbirdAndroid, [
    ['another root', otherRoot, /Missing 'clientConfig'/],
    ['no provider', noProvider, /Missing 'emailProvider'/],
    ['a provider without id', noId, /Missing 'emailProvider\.id'/],
    ['an id with a space', idWithSpace, /Invalid 'emailProvider\.id'/],
    ['no domain', noDomain, /Valid 'domain' element required/],
    [
      'a domain that is no host name',
      replace(domain, '<domain>example com</domain>'),
      /Valid 'domain' element required/,
    ],
    ['an element inside domain', replace(domain, '<domain><b>example.com</b></domain>'), /Expected text/],
    ['no hostname', remove(hostname), /Missing 'hostname'/],
    ['spaces around hostname', spacedHostname, /Invalid 'hostname'/],
    ['an underscore in hostname', replace('imap.', 'imap_1.'), /Invalid 'hostname'/],
    ['no port', remove(port), /Missing 'port'/],
    ['spaces around port', spacedPort, /Invalid 'port'/],
    ['no socketType', remove(socketType), /Missing 'socketType'/],
    ['socketType plain', plainSocketType, /Unknown 'socketType' value: 'plain'/],
    [
      'a second imap server without encryption',
      before(outgoing, secondImap.replace('STARTTLS', 'plain')),
      /'plain'/,
    ],
    ['no authentication', remove(authentication), /No usable 'authentication'/],
    [
      'spaces around authentication',
      replace(authentication, '<authentication> password-cleartext </authentication>'),
      /No usable/,
    ],
    ['an authentication it does not know', gssapi, /No usable 'authentication'/],
    ['OAuth2 for a host it does not know', oAuth2Only, /No usable 'authentication'/],
    ['no username', remove(username), /Missing 'username'/],
    [
      'spaces around username',
      replace(username, '<username> jane </username>'),
      { incoming: { username: ' jane ' } },
    ],
    [
      'hostname twice',
      after(hostname, '<hostname>new.example.com</hostname>'),
      { incoming: { hostname: 'new.example.com' } },
    ],
    ['pop3 only', replace('type="imap"', 'type="pop3"'), /no usable incoming/],
    ['no outgoing server', noOutgoing, /no usable outgoing/],
    ['prefixed names', prefixed, /Missing 'clientConfig'/],
  ]),
  ...breaking(thunderbirdIos, [
    ['no type', replace(' type="imap"', ''), /type: no case for ''/],
    [
      'an empty authentication',
      replace(authentication, '<authentication/>'),
      /authentication: no case for ''/,
    ],
    [
      'hostname twice',
      after(hostname, '<hostname>new.example.com</hostname>'),
      { incoming: { hostname: 'new.example.com' } },
    ],
    ['another root', otherRoot, /no clientConfig/],
    ['no provider', noProvider, /no emailProvider/],
    ['no displayName', remove(displayName), /displayName is missing/],
    ['an empty displayName', replace(displayName, '<displayName></displayName>'), /displayName is missing/],
    [
      'no displayShortName',
      remove('<displayShortName>Example</displayShortName>'),
      /displayShortName is missing/,
    ],
    ['no domain', noDomain, /domain is missing/],
    ['an entity in displayName', replace('Example Mail', 'Examples &amp; Mail'), { displayName: 'Mail' }],
    [
      'an entity in username',
      entityInUsername,
      { incoming: { username: 'joe' }, outgoing: { username: 'joe' } },
    ],
    ['authentication GSSAPI', gssapi, /authentication: no case for 'GSSAPI'/],
    [
      'authentication none',
      replace(authentication, '<authentication>none</authentication>'),
      /no case for 'none'/,
    ],
    [
      'authentication plain',
      replace(authentication, '<authentication>plain</authentication>'),
      /no case for 'plain'/,
    ],
    ['socketType plain', plainSocketType, /socketType: no case for 'plain'/],
    ['jmap first', jmapFirst, /port is missing/],
    [
      'a server of another type, otherwise complete',
      before(outgoing, server('incomingServer type="ews"', 'ews.example.com', 443)),
      /type: no case for 'ews'/,
    ],
    ['no hostname', remove(hostname), /hostname is missing/],
    ['a port that is no number', portName, /is not an Int/],
    ['no port', remove(port), /port is missing/],
    ['no socketType', remove(socketType), /socketType is missing/],
    ['no username', remove(username), /username is missing/],
    ['an oAuth2 without its URLs', incompleteOAuth2, /authURL is missing/],
    ['a documentation that is no URL', after(outgoingEnd, '<documentation url="help"/>'), /not a URL/],
    ['no outgoing server', noOutgoing, /no usable outgoing/],
  ]),
  ...breaking(pimalaya, [
    [
      'oAuth2 without tokenURL',
      before('</clientConfig>', '<oAuth2><issuer>a</issuer><scope>b</scope><authURL>c</authURL></oAuth2>'),
      /oAuth2: missing field `tokenURL`/,
    ],
    ['no hostname', remove(hostname), /no usable incoming/],
    ['no port', remove(port), /no usable incoming/],
    ['no provider', noProvider, /missing field `emailProvider`/],
    ['no version', remove(' version="1.1"'), /missing field `version`/],
    ['a provider without id', noId, /missing field `id`/],
    [
      'two providers',
      after('</emailProvider>', '<emailProvider id="example.org"/>'),
      /duplicate field `emailProvider`/,
    ],
    ['jmap first', jmapFirst, /unknown variant `jmap`/],
    ['authentication GSSAPI', gssapi, /unknown variant `GSSAPI`/],
    [
      'authentication plain',
      replace(authentication, '<authentication>plain</authentication>'),
      /unknown variant `plain`/,
    ],
    [
      'authentication secure',
      replace(authentication, '<authentication>secure</authentication>'),
      /unknown variant `secure`/,
    ],
    ['socketType TLS', misspelledSocketType, /unknown variant `TLS`/],
    ['hostname twice', after(hostname, hostname), /duplicate field `hostname`/],
    [
      'incoming servers on both sides of the outgoing one',
      after(outgoingEnd, pop3),
      /duplicate field `incomingServer`/,
    ],
    ['port 65536', port65536, /port/],
    ['an oAuth2 without its URLs', incompleteOAuth2, /oAuth2: missing field `authURL`/],
    ['a documentation without url', after(outgoingEnd, '<documentation/>'), /missing field `url`/],
    [
      'an empty description',
      after(outgoingEnd, '<documentation url="https://example.com/"><descr> </descr></documentation>'),
      /missing field `#text`/,
    ],
    [
      'an option of pop3 that is no boolean',
      before(outgoing, withOptions('<leaveMessagesOnServer>yes</leaveMessagesOnServer>')),
      /leaveMessagesOnServer/,
    ],
    [
      'days that are no number',
      before(outgoing, withOptions('<daysToLeaveMessagesOnServer>-1</daysToLeaveMessagesOnServer>')),
      /daysToLeaveMessagesOnServer/,
    ],
    ['no outgoing server', noOutgoing, /no usable outgoing/],
  ]),
  ...breaking(evolution, [
    ['port 65536', port65536, { incoming: { port: 0 } }],
    ['a byte order mark', byteOrderMark, /must begin with an element/],
    ['an attribute on a server', extraAttribute, /attribute 'preferred' invalid/],
    ['a server without type', replace(incoming, '<incomingServer>'), /requires attribute 'type'/],
    ['a username in CDATA', cdataUsername, { incoming: { username: '' }, outgoing: { username: '' } }],
    ['a comment in username', commentInUsername, { incoming: { username: '' }, outgoing: { username: '' } }],
    ['spaces around hostname', spacedHostname, { incoming: { hostname: ' imap.example.com ' } }],
    ['a placeholder in hostname', composedHostname, { incoming: { hostname: 'imap.' } }],
    [
      'a composed username',
      composedUsername,
      { incoming: { username: 'jane.doe@' }, outgoing: { username: 'jane.doe@' } },
    ],
    ['socketType plain', plainSocketType, { incoming: { socketType: 'plain' } }],
    ['socketType TLS', misspelledSocketType, { incoming: { socketType: '' } }],
    [
      'two imap servers',
      twoImap,
      { incoming: { hostname: 'imap2.example.com', port: 143, socketType: 'STARTTLS' } },
    ],
    [
      'two smtp servers',
      twoSmtp,
      { outgoing: { hostname: 'smtp2.example.com', port: 587, socketType: 'STARTTLS' } },
    ],
    [
      'a second imap server that names only its host',
      before(outgoing, '<incomingServer type="imap"><hostname>imap2.example.com</hostname></incomingServer>'),
      { incoming: { hostname: 'imap2.example.com', port: 993, username: 'jane.doe@example.com' } },
    ],
    ['two authentications', twoAuthentications, { incoming: { authentication: 'password-encrypted' } }],
    ['no incoming server', noIncoming, /no usable incoming/],
    ['no outgoing server', noOutgoing, /no usable outgoing/],
    ['prefixed names', prefixed, /no usable incoming/],
    ['an entity of HTML', htmlEntity, /not well-formed/],
  ]),
  ...breaking(fairemail, [
    ['pop3 before imap', pop3First, /no usable incoming/],
    ['jmap first', jmapFirst, /no usable incoming/],
    ['no outgoing server', noOutgoing, /no usable outgoing/],
    [
      'an outgoing server of another type first',
      before(outgoing, '<outgoingServer type="ews"/>'),
      /no usable outgoing/,
    ],
    ['spaces around port', spacedPort, /NumberFormatException/],
    ['no port', remove(port), /no usable incoming/],
    ['a placeholder in hostname', composedHostname, { incoming: { hostname: 'imap.%EMAILDOMAIN%' } }],
    ['a composed username', composedUsername, { incoming: { username: '%EMAILLOCALPART%@%EMAILDOMAIN%' } }],
    [
      'another username for the outgoing server',
      (xml) => replaceAll(username, '<username>u0815</username>')(xml).replace('u0815', '%EMAILADDRESS%'),
      { incoming: { username: 'u0815' } },
    ],
    [
      'a username in webMail',
      before(
        '</clientConfig>',
        '<webMail><loginPageInfo><username>%EMAILLOCALPART%</username></loginPageInfo></webMail>',
      ),
      { incoming: { username: 'jane.doe' }, outgoing: { username: 'jane.doe' } },
    ],
    [
      'socketType before port',
      replace(`${port}\n      ${socketType}`, `${socketType}<port>143</port>`),
      { incoming: { port: 143, socketType: 'STARTTLS' } },
    ],
    [
      'socketType plain on the port of STARTTLS',
      (xml) => plainSocketType(xml).replace(port, '<port>143</port>'),
      { incoming: { port: 143, socketType: 'STARTTLS' } },
    ],
    ['prefixed names', prefixed, /no usable incoming/],
  ]),
  ...breaking(geary, [
    ['no provider', noProvider, /no emailProvider/],
    ['pop3 before imap', pop3First, /Unsupported protocol/],
    ['jmap first', jmapFirst, /Unsupported protocol/],
    ['no outgoing server', noOutgoing, /no usable outgoing/],
    ['spaces around hostname', spacedHostname, { incoming: { hostname: ' imap.example.com ' } }],
    ['a placeholder in hostname', composedHostname, { incoming: { hostname: 'imap.%EMAILDOMAIN%' } }],
    ['socketType TLS', misspelledSocketType, { incoming: { socketType: 'plain' } }],
    [
      'socketType in lower case',
      replace(socketType, '<socketType>ssl</socketType>'),
      { incoming: { socketType: 'plain' } },
    ],
  ]),
  ...breaking(mustang, [
    ['no incoming server', noIncoming, /no usable incoming/],
    ['no outgoing server', noOutgoing, /no usable outgoing/],
    ['no domain', noDomain, /Need proper <domain>/],
    ['no server of a type it knows', replace('type="imap"', 'type="newtype"'), /no usable incoming/],
    ['another root', otherRoot, /Config syntax error/],
    ['no provider', noProvider, /Config syntax error/],
    ['port 65536', port65536, /no usable incoming/],
    ['the domain of somebody else', otherDomain, /Need proper <domain>/],
    ['the domain in upper case', replace(domain, '<domain>Example.COM</domain>'), /Need proper <domain>/],
    ['spaces around domain', replace(domain, '<domain> example.com </domain>'), /Need proper <domain>/],
    ['an attribute on domain', replace('<domain>', '<domain purpose="mx">'), /Need proper <domain>/],
    ['no domain', noDomain, /Need proper <domain>/],
    ['an attribute on hostname', attributeOnHostname, /no usable incoming/],
    ['spaces around hostname', spacedHostname, /no usable incoming/],
    ['no authentication', remove(authentication), /no usable incoming/],
    ['no username', remove(username), /no usable incoming/],
    [
      'a username of digits',
      numericUsername,
      { incoming: { username: '12345' }, outgoing: { username: '12345' } },
    ],
    ['pop3 before imap', pop3First, { incoming: { type: 'pop3' } }],
    ['no outgoing server', noOutgoing, /no usable outgoing/],
  ]),
  ...breaking(deltaChat, [
    ['no hostname', remove(hostname), /no usable incoming/],
    ['port 65536', port65536, { incoming: { port: 0 } }],
    ['a username in CDATA', cdataUsername, /no usable incoming/],
    ['no username', remove(username), /no usable incoming/],
    ['no port', remove(port), /no usable incoming/],
    ['a port that is no number', portName, { incoming: { port: 0 } }],
    [
      'an entity in username',
      entityInUsername,
      { incoming: { username: 'joe' }, outgoing: { username: 'joe' } },
    ],
    ['socketType TLS', misspelledSocketType, { incoming: { socketType: 'automatic' } }],
    ['pop3 only', replace('type="imap"', 'type="pop3"'), /no usable incoming/],
    ['no outgoing server', noOutgoing, /no usable outgoing/],
    ['prefixed names', prefixed, /no usable incoming/],
  ]),
  ...breaking(kmail, [
    ['no hostname', remove(hostname), { incoming: { hostname: '' } }],
    ['no username', replaceAll(username, ''), { incoming: { username: '' } }],
    ['no socketType', remove(socketType), { incoming: { socketType: 'plain' } }],
    ['a port that is no number', replace(port, '<port>imaps</port>'), { incoming: { port: 0 } }],
    [
      'hostname twice',
      after(hostname, '<hostname>new.example.com</hostname>'),
      { incoming: { hostname: 'new.example.com' } },
    ],
    ['a port that is no number', portName, { incoming: { port: 0 } }],
    ['two authentications', twoAuthentications, { incoming: { authentication: 'password-encrypted' } }],
    ['OAuth2 after a password', oAuth2Second, { incoming: { authentication: 'OAuth2' } }],
    ['socketType TLS', misspelledSocketType, { incoming: { socketType: 'plain' } }],
    ['no port', remove(port), /no usable incoming/],
    ['no provider', noProvider, /no emailProvider/],
    ['prefixed names', prefixed, /no emailProvider/],
  ]),
  ...breaking(gnomeOnlineAccounts, [
    ['no type', replace(' type="imap"', ''), /no usable incoming/],
    ['port 0', replace(port, '<port>0</port>'), { incoming: { port: 0 } }],
    [
      'the domain as username',
      replaceAll(username, '<username>%EMAILDOMAIN%</username>'),
      { incoming: { username: 'example.com' } },
    ],
    ['socketType TLS', misspelledSocketType, { incoming: { socketType: '' } }],
    ['port 65536', port65536, { incoming: { port: 0 } }],
    ['another root', otherRoot, /Failed to parse/],
    ['no provider', noProvider, /nothing found/],
    ['no servers', (xml) => noIncoming(noOutgoing(xml)), /no usable incoming/],
    ['a literal username', literalUsername, { incoming: { username: '' }, outgoing: { username: '' } }],
    ['a composed username', composedUsername, { incoming: { username: '' }, outgoing: { username: '' } }],
    ['a placeholder in hostname', composedHostname, { incoming: { hostname: 'imap.%EMAILDOMAIN%' } }],
    ['pop3 only', replace('type="imap"', 'type="pop3"'), /no usable incoming/],
  ]),
  ...breaking(enoughMail, [
    ['another root', otherRoot, /no clientConfig/],
    ['no provider', noProvider, /no emailProvider/],
    ['a byte order mark', byteOrderMark, /does not start with </],
    ['an empty line first', (xml) => `\n${xml.slice(xml.indexOf('<clientConfig'))}`, /does not start with </],
    ['pop3 before imap', pop3First, { incoming: { type: 'pop3' } }],
    ['jmap first', jmapFirst, { incoming: { type: 'jmap', hostname: '' } }],
    ['a literal username', literalUsername, { incoming: { username: '' }, outgoing: { username: '' } }],
    ['no incoming server', noIncoming, /no usable incoming/],
    ['no outgoing server', noOutgoing, /no usable outgoing/],
  ]),
  ...breaking(horde, [
    ['no type', replace(' type="imap"', ''), { incoming: { type: '' } }],
    ['pop3 before imap', pop3First, { incoming: { type: 'pop3' } }],
    ['a composed username', composedUsername, { incoming: { username: 'jane.doe@%EMAILDOMAIN%' } }],
    ['a placeholder in hostname', composedHostname, { incoming: { hostname: 'imap.%EMAILDOMAIN%' } }],
    ['prefixed names', prefixed, /no emailProvider/],
  ]),
  ...breaking(nextcloud, [
    ['socketType TLS', misspelledSocketType, { incoming: { socketType: 'STARTTLS' } }],
    ['socketType plain', plainSocketType, { incoming: { socketType: 'plain' } }],
    ['prefixed names', prefixed, /no emailProvider/],
  ]),
  ...breaking(snappymail, [
    ['pop3 before imap', pop3First, /the first incomingServer is not IMAP/],
    ['prefixed names', prefixed, /no clientConfig/],
  ]),
  ...breaking(mailspring, [
    ['no provider', noProvider, /no emailProvider/],
    ['no port', remove(port), { incoming: { port: 0 } }],
  ]),
  ...breaking(aerc, [
    ['two smtp', twoSmtp, { outgoing: { hostname: 'smtp2.example.com' } }],
    ['no hostname', remove(hostname), { incoming: { hostname: '' } }],
    ['no provider', noProvider, /no emailProvider/],
  ]),
  ...breaking(emailEngine, [['no provider', noProvider, /no emailProvider/]]),
]

/**
 * Changes that these clients were seen to take without harm: a model that refuses them is too strict to be
 * that client.
 */
export const tolerances: readonly {
  readonly name: string
  readonly change: Change
  readonly readers: readonly Reader[]
}[] = [
  {
    name: 'a doctype, a processing instruction, a comment on top and no XML declaration',
    change: (xml) =>
      `<!DOCTYPE clientConfig><?pi x?><!-- hello -->${xml.slice(xml.indexOf('<clientConfig'))}`,
    readers: [thunderbird, kmail, evolution, geary, deltaChat],
  },
  { name: 'a byte order mark', change: byteOrderMark, readers: [thunderbird, kmail, geary, deltaChat] },
  {
    name: 'a default namespace',
    change: replace('<clientConfig', '<clientConfig xmlns="urn:x"'),
    readers: [thunderbird, evolution, geary],
  },
  { name: 'prefixed names', change: prefixed, readers: [geary] },
  {
    name: 'a whole oAuth2',
    change: before(
      '</clientConfig>',
      '<oAuth2><issuer>a</issuer><scope>b</scope><authURL>https://c.example/</authURL><tokenURL>https://d.example/</tokenURL></oAuth2>',
    ),
    readers: [pimalaya, thunderbirdIos],
  },
  { name: 'a literal username', change: literalUsername, readers: [snappymail, mailspring, aerc] },
  {
    name: 'a document without its last end tags',
    change: (xml) => xml.slice(0, xml.indexOf('</emailProvider>')),
    readers: [deltaChat],
  },
  { name: 'a provider without id', change: noId, readers: [kmail, evolution, geary] },
  {
    name: 'an id without a dot',
    change: replace('id="example.com"', 'id="MessagingEngine"'),
    readers: [thunderbird],
  },
  { name: 'no domain', change: noDomain, readers: [kmail, evolution, geary] },
  {
    name: 'the domain of somebody else',
    change: otherDomain,
    readers: [thunderbird, thunderbirdAndroid, kmail, evolution],
  },
  { name: 'an attribute on hostname', change: attributeOnHostname, readers: [kmail, evolution] },
  { name: 'an attribute on a server', change: extraAttribute, readers: [thunderbird, kmail] },
  {
    name: 'hostname in upper case',
    change: replace('imap.example.com', 'IMAP.Example.COM'),
    readers: [thunderbird],
  },
  {
    name: 'spaces around hostname',
    change: spacedHostname,
    readers: [thunderbird, thunderbirdIos, pimalaya, deltaChat],
  },
  {
    name: 'a placeholder in hostname',
    change: composedHostname,
    readers: [thunderbird, thunderbirdAndroid, thunderbirdIos, kmail, deltaChat],
  },
  {
    name: 'spaces around port',
    change: spacedPort,
    readers: [thunderbird, thunderbirdIos, kmail, deltaChat, enoughMail],
  },
  { name: 'no authentication', change: remove(authentication), readers: [kmail, deltaChat] },
  {
    name: 'a composed username',
    change: composedUsername,
    readers: [thunderbird, thunderbirdAndroid, thunderbirdIos, kmail, deltaChat],
  },
  { name: 'a username in CDATA', change: cdataUsername, readers: [thunderbird, thunderbirdAndroid, kmail] },
  {
    name: 'a comment in username',
    change: commentInUsername,
    readers: [thunderbird, thunderbirdAndroid, kmail, deltaChat],
  },
  { name: 'pop3 before imap', change: pop3First, readers: [kmail, evolution, deltaChat] },
  {
    name: 'pop3 after imap',
    change: before(outgoing, pop3),
    readers,
  },
  {
    name: 'documentation and webMail',
    change: (xml) =>
      before('</clientConfig>', webMail)(after(outgoingEnd, documentation + documentation)(xml)),
    readers,
  },
  {
    name: 'options of pop3',
    change: before(outgoing, withOptions(pop3Options)),
    readers,
  },
  {
    name: 'OAuth2 after a password',
    change: oAuth2Second,
    readers: [thunderbird, thunderbirdAndroid, evolution],
  },
  {
    name: 'authentication plain',
    change: replace(authentication, '<authentication>plain</authentication>'),
    readers: [evolution, kmail],
  },
  {
    name: 'a placeholder in domain',
    change: replace(domain, '<domain>%EMAILDOMAIN%</domain>'),
    readers: [thunderbird, thunderbirdAndroid],
  },
  {
    name: 'spaces around domain',
    change: replace(domain, '<domain> example.com </domain>'),
    readers: [thunderbird, thunderbirdAndroid],
  },
  {
    name: 'spaces around id',
    change: replace('id="example.com"', 'id=" example.com "'),
    readers: [thunderbird, thunderbirdAndroid],
  },
  {
    name: 'a stronger authentication before the password',
    change: before(authentication, '<authentication>password-encrypted</authentication>'),
    readers: [evolution],
  },
  {
    name: 'a comment in port',
    change: replace(port, '<port>993<!-- imaps --></port>'),
    readers: [evolution],
  },
  { name: 'two imap servers', change: twoImap, readers: [thunderbird, geary] },
  { name: 'two smtp servers', change: twoSmtp, readers: [thunderbird, geary] },
  { name: 'jmap first', change: jmapFirst, readers: [thunderbird, kmail, evolution] },
]

function breaking(
  reader: Reader,
  cases: readonly (readonly [name: string, change: Change, outcome: RegExp | Misread])[],
): readonly Breakage[] {
  return cases.map(([name, change, outcome]) => ({ reader, name, change, outcome }))
}
