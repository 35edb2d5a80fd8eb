/** A sentence below the tables about cells of one client, of one kind, or both. */
export interface Remark {
  /** The ids of the clients that it is about; all, if there are none. */
  readonly clients?: readonly string[]
  /** The titles of the columns that it is about; all, if there are none. */
  readonly kinds?: readonly string[]
  /** The cells that it explains. A remark without such a cell is out of date, and the test fails. */
  readonly cells: RegExp
  readonly text: string
}

const literal = ['a login, `disclose: public`']
const anyUsername = ['the part before the @', 'a login, `disclose: link`', ...literal]

/** In this order they get their numbers. */
export const remarks: readonly Remark[] = [
  {
    clients: ['aerc'],
    kinds: ['STARTTLS'],
    cells: /^half/,
    text: 'aerc prefers SRV records to autoconfig, and of those for outgoing mail it knows only `_smtps._tcp`, which is for TLS from the first byte. Without the SRV records of mail it takes both servers from autoconfig, but clients that depend on SRV records then find nothing ([dns.md](dns.md#clients-that-depend-on-srv-records)).',
  },
  {
    clients: ['email-engine'],
    cells: /username is missing/,
    text: 'EmailEngine uses the SRV records, which contain no username, so people type it. It asks several addresses at once and uses the first answer, so its account can differ from one time to the next; `rehearse` assumes that the DNS answers first.',
  },
  {
    clients: ['email-engine'],
    kinds: ['POP3 only'],
    cells: /^wrong: imap without a name/,
    text: 'EmailEngine supports IMAP only. The record `_imap._tcp` with the target `.` states that there is no IMAP; EmailEngine takes it for a server with an empty name.',
  },
  {
    kinds: ['POP3 only'],
    cells: /^(finds nothing|half)/,
    text: 'The client looks for IMAP only when it sets up an account. It may support POP3 if people type the settings.',
  },
  {
    clients: ['thunderbird'],
    kinds: ['IDN domain'],
    cells: /only if typed as/,
    text: 'Thunderbird refuses an address with other letters than those of ASCII before it asks anybody.',
  },
  {
    kinds: ['IDN domain'],
    cells: /^right/,
    text: 'The username has the domain as people typed it; in Horde it is always `jane@bücher.example`, and in clients that use Autodiscover `jane@xn--bcher-kva.example`. So the mail server must accept both.',
  },
  {
    kinds: ['calendars and contacts', '`shape: all` with JMAP'],
    clients: ['em-client'],
    cells: /^right/,
    text: 'According to other servers, eM Client reads calendars and contacts from Autodiscover. Whether another client sets up calendars or contacts was not examined; the cell is about mail.',
  },
  {
    kinds: ['`shape: all` with JMAP'],
    cells: /^finds nothing/,
    text: 'The client rejects a document that contains JMAP.',
  },
  {
    clients: ['pimalaya'],
    kinds: ['`shape: all` with JMAP'],
    cells: /^right/,
    text: 'pimalaya rejects a document that contains JMAP, and then uses the SRV records.',
  },
  {
    kinds: ['OAuth2 or a password'],
    cells: /^right, with OAuth2/,
    text: 'The client chooses OAuth2 if the document offers it. Whether it can then log in at your server was not tested.',
  },
  {
    clients: ['thunderbird', 'thunderbird-android', 'mustang'],
    kinds: ['OAuth2 or a password', 'OAuth2 only'],
    cells: /^(right, with a password|finds nothing)/,
    text: 'The client uses OAuth2 only with hosts of providers that it knows, such as Google and Microsoft. Elsewhere it ignores that method, and a server that offers no other.',
  },
  {
    kinds: ['OAuth2 or a password', 'OAuth2 only'],
    cells: /^right($|, but does not learn)/,
    text: 'The client does not read the method from what it finds, or SRV records, which contain none, come first. Where there is a choice, expect a password; where there is none, people cannot log in unless the client knows your service otherwise.',
  },
  {
    kinds: ['OAuth2 only'],
    clients: ['evolution'],
    cells: /./,
    text: 'Evolution 3.46 ignores OAuth2 in a document.',
  },
  {
    kinds: ['OAuth2 only'],
    clients: ['outlook', 'em-client'],
    cells: /^finds nothing/,
    text: 'Autodiscover can express passwords only.',
  },
  {
    kinds: anyUsername,
    cells: /username is the address$/,
    text: 'The servers are right, and people replace the username with theirs. If the mail server also accepts the address as the username, there is nothing to do.',
  },
  {
    clients: ['fairemail', 'fairemail-play'],
    kinds: ['the part before the @'],
    cells: /tries the address first/,
    text: 'FairEmail takes the servers from the SRV records, tries to log in with the address, and then with the part before the @.',
  },
  {
    clients: ['fairemail'],
    kinds: literal,
    cells: /^right$/,
    text: 'FairEmail asks for SRV records and autoconfig, and prefers the one that contains a login of its own.',
  },
  {
    clients: ['evolution'],
    kinds: literal,
    cells: /^right$/,
    text: 'Evolution 3.46 sends the MD5 of the address instead of the address; the server finds the login by that.',
  },
  {
    clients: ['delta-chat'],
    kinds: literal,
    cells: /^right$/,
    text: 'Delta Chat may keep an answer for 35 days, so a new login reaches it late.',
  },
  {
    clients: ['gnome-online-accounts', 'snappymail'],
    kinds: literal,
    cells: /username is the address$/,
    text: 'The client asks for `mail-v1.xml`, which never contains a login, because SnappyMail would make it a rule for the whole domain, and GNOME Online Accounts would leave the field empty.',
  },
  {
    clients: ['thunderbird-android'],
    kinds: ['MX only'],
    cells: /^right/,
    text: 'Thunderbird for Android asks the person to confirm settings that it found by the MX, unless DNSSEC protects the record.',
  },
  {
    clients: ['evolution'],
    kinds: ['MX only'],
    cells: /^finds nothing/,
    text: 'Evolution 3.46 follows the name servers of the domain instead of its MX: it finds the settings if you run the DNS of the customer under a domain of yours.',
  },
  {
    clients: ['mustang'],
    kinds: ['MX only'],
    cells: /^finds nothing/,
    text: 'Mustang asks at your domain, but rejects the answer, because it is for the domain of the customer and Mustang expects yours in `<domain>`.',
  },
  {
    clients: ['snappymail'],
    kinds: ['SRV only'],
    cells: /^half/,
    text: 'SnappyMail loses the outgoing server on the way from its SRV records to its settings: an error in SnappyMail.',
  },
  {
    clients: ['outlook'],
    cells: /^right/,
    text: 'Only classic Outlook with its manual setup uses the answer: [outlook.md](outlook.md). It was never run.',
  },
]
