/** A sentence below the tables about a client, a column, or both. */
export interface Remark {
  /** The ids of the clients that it is about; all, if there are none. */
  readonly clients?: readonly string[]
  /** The titles of the columns that it is about; all, if there are none. */
  readonly kinds?: readonly string[]
  /** The cells that it explains; without them, it is about the client itself. */
  readonly cells?: RegExp
  readonly text: string
}

const literal = ['a login, `disclose: public`']
const oAuth2 = ['OAuth2 or a password', 'OAuth2 only']

/** In this order they get their numbers. The test fails if one of them explains nothing any more. */
export const remarks: readonly Remark[] = [
  {
    clients: ['outlook'],
    text: 'Only classic Outlook with its manual setup uses the answer: [outlook.md](outlook.md). We ran no Outlook.',
  },
  {
    clients: ['email-engine'],
    text: 'EmailEngine asks everything at once and uses the first answer, so its account can differ from one time to the next. The tables assume that the DNS answers first. SRV records contain no username, so people type it.',
  },
  {
    clients: ['aerc'],
    kinds: ['STARTTLS'],
    cells: /^half/,
    text: 'aerc prefers SRV records to autoconfig, and of those for outgoing mail it knows only `_smtps._tcp`, which is for TLS from the first byte. Without the SRV records of mail it takes both servers from autoconfig, but clients that [depend on SRV records](dns.md#clients-that-depend-on-srv-records) then find nothing.',
  },
  {
    clients: ['email-engine'],
    kinds: ['POP3 only'],
    cells: /^wrong: imap without a name/,
    text: 'The record `_imap._tcp` with the target `.` states that there is no IMAP. EmailEngine takes it for a server with an empty name. It does not support POP3, so no account would be right.',
  },
  {
    kinds: ['POP3 only'],
    cells: /^(finds nothing|half)/,
    text: 'The client looks only for IMAP when it sets up an account. Whether it supports POP3 otherwise was not examined.',
  },
  {
    clients: ['thunderbird'],
    kinds: ['IDN domain'],
    cells: /only if typed as/,
    text: 'Thunderbird refuses such a domain before it asks anything.',
  },
  {
    clients: ['horde', 'outlook', 'em-client'],
    kinds: ['IDN domain'],
    cells: /^right/,
    text: 'Whatever people type, the username is `jane@bücher.example` in Horde, and `jane@xn--bcher-kva.example` in Outlook and eM Client.',
  },
  {
    clients: ['em-client'],
    kinds: ['calendars and contacts', '`shape: all` with JMAP'],
    cells: /^right/,
    text: 'Admins of other servers report that eM Client also reads calendars and contacts from Autodiscover.',
  },
  {
    clients: ['thunderbird-ios'],
    kinds: ['`shape: all` with JMAP'],
    cells: /^finds nothing/,
    text: 'Thunderbird for iOS rejects a document that contains JMAP.',
  },
  {
    clients: ['pimalaya'],
    kinds: ['`shape: all` with JMAP'],
    cells: /^right/,
    text: 'pimalaya rejects a document that contains JMAP, and then uses the SRV records.',
  },
  {
    clients: ['aerc'],
    kinds: ['`shape: all` with JMAP'],
    cells: /^right/,
    text: 'aerc also asks for the record `_jmap._tcp`, and then sends mail by JMAP. That was not rehearsed.',
  },
  {
    kinds: oAuth2,
    cells: /^right, with OAuth2/,
    text: 'The client chooses OAuth2 if the document offers it. Whether it can then log in at your servers was not examined.',
  },
  {
    clients: ['thunderbird', 'thunderbird-android', 'mustang'],
    kinds: oAuth2,
    cells: /^(right, with a password|finds nothing)/,
    text: 'The client uses OAuth2 only with hosts that it knows, such as those of Google. Elsewhere it ignores this method, and a server that offers no other. Mustang also reads `oAuth2` from a document, which contains it only with `shape: all`; that was not rehearsed.',
  },
  {
    kinds: oAuth2,
    cells: /^right($|, but does not learn)/,
    text: 'The client reads no OAuth2 from a document, or it uses SRV records, which contain no method. If there is a choice, expect a password. If there is none, the login fails, unless the client knows your servers.',
  },
  {
    clients: ['outlook', 'em-client'],
    kinds: ['OAuth2 only'],
    cells: /^finds nothing/,
    text: 'Autodiscover supports only passwords.',
  },
  {
    clients: ['fairemail', 'fairemail-play'],
    kinds: ['the part before the @'],
    cells: /tries the address first/,
    text: 'FairEmail takes the servers from the SRV records, tries to log in with the address, and then with the part before the @.',
  },
  {
    clients: ['geary', 'aerc'],
    kinds: ['the part before the @', ...literal],
    cells: /username is the address$/,
    text: 'The client takes no username from what it finds.',
  },
  {
    clients: ['fairemail'],
    kinds: literal,
    cells: /^right$/,
    text: 'FairEmail prefers SRV records to autoconfig, unless autoconfig contains a login.',
  },
  {
    clients: ['evolution'],
    kinds: literal,
    cells: /^right$/,
    text: 'Evolution 3.46 sends the MD5 of the address instead of the address. The server finds the login by it.',
  },
  {
    clients: ['delta-chat'],
    kinds: literal,
    cells: /^right$/,
    text: 'Delta Chat may keep an answer for 35 days, so a new login reaches it late.',
  },
  {
    clients: ['thunderbird-android', 'kmail', 'mailspring'],
    kinds: literal,
    cells: /username is the address$/,
    text: 'The client sends no address, so the server does not know whose login to return. For Thunderbird for Android there is a QR code: [phones.md](phones.md).',
  },
  {
    clients: ['fairemail-play'],
    kinds: literal,
    cells: /username is the address$/,
    text: 'This edition asks only for SRV records, which contain no username.',
  },
  {
    clients: ['gnome-online-accounts', 'snappymail'],
    kinds: literal,
    cells: /username is the address$/,
    text: 'The client asks for `mail-v1.xml`, which never contains a login: SnappyMail would make it a rule for the whole domain, and GNOME Online Accounts would leave the field empty.',
  },
  {
    clients: ['thunderbird-android'],
    kinds: ['MX only'],
    cells: /^wrong: imap office/,
    text: 'Thunderbird for Android sends no address, so it gets the settings of your own domain. They are right only for customers on the same host. It asks people to confirm settings that it finds by the MX, unless DNSSEC protects the record.',
  },
  {
    clients: ['evolution'],
    kinds: ['MX only'],
    cells: /^finds nothing/,
    text: 'Evolution 3.46 follows the name servers of the domain instead of its MX. If these are under your domain, it takes the settings of your domain.',
  },
  {
    clients: ['fairemail', 'fairemail-play'],
    kinds: ['MX only'],
    cells: /^finds nothing/,
    text: 'FairEmail then scans the ports of the MX host, so it can find the servers if they are on that host.',
  },
  {
    clients: ['mustang'],
    kinds: ['MX only'],
    cells: /^finds nothing/,
    text: 'Mustang asks at your domain, but rejects the answer: it is about the domain of the customer, and Mustang expects yours in `<domain>`.',
  },
  {
    clients: ['snappymail'],
    kinds: ['SRV only'],
    cells: /^half/,
    text: 'SnappyMail reads the SRV records of outgoing mail and loses them, which is an error in SnappyMail.',
  },
]
