import type { Client } from '../../../src/rehearsal/client.ts'
import { table } from '../reference-pages/markdown.ts'
import { featureKinds, type Kind, serverKinds, usernameKinds, zoneKinds } from './kinds.ts'
import { type Remark, remarks } from './remarks.ts'

/** Everything that the page shows of a client. */
export interface Row {
  readonly client: Client
  /** The name, with the edition if there are two of that name. */
  readonly name: string
  readonly asks: string
  readonly origin: string
  /** By the title of the kind. */
  readonly verdicts: ReadonlyMap<string, string>
}

const evidence = { run: 'run', read: 'source', documented: 'documents' } as const

export const pageFile = 'docs/clients.md'
export const command = `UPDATE_DOCS=1 npx tap --disable-coverage test/docs/clients-table.test.ts`

/** The whole page, and the remarks that explain nothing on it. */
export function pageOf(rows: readonly Row[]): {
  readonly text: string
  readonly outdated: readonly string[]
} {
  const used = new Set<Remark>()
  const withRemarks = (text: string, fits: (remark: Remark) => boolean): string => {
    const fitting = remarks.filter(fits)
    for (const remark of fitting) used.add(remark)
    return [text, ...fitting.map((remark) => `[${remarks.indexOf(remark) + 1}]`)].join(' ')
  }
  const nameOf = ({ client, name }: Row): string =>
    withRemarks(name, ({ clients, cells }) => cells === undefined && clients?.includes(client.id) === true)
  const cellOf = ({ client, verdicts }: Row, { title }: Kind): string => {
    const verdict = verdicts.get(title) ?? ''
    return withRemarks(
      verdict,
      ({ clients, kinds, cells }) =>
        (clients ?? [client.id]).includes(client.id) &&
        (kinds ?? [title]).includes(title) &&
        cells?.test(verdict) === true,
    )
  }
  const section = ({ heading, note, kinds }: Section): string => `## ${heading}

${note}

${table(
  ['column', 'configuration'],
  kinds.map(({ title, setting }) => [title, setting]),
)}

${table(
  ['client', 'known by', ...kinds.map(({ title }) => title)],
  rows.map((row) => [nameOf(row), evidence[row.client.known], ...kinds.map((kind) => cellOf(row, kind))]),
)}`
  const searches = table(
    ['client', 'version', 'compared on', 'known by', 'asks for', 'settings are from'],
    rows.map((row) => [
      nameOf(row),
      row.client.version.replace(/ \((GitHub|Google Play)\)$/, ''),
      row.client.date,
      evidence[row.client.known],
      row.asks,
      row.origin,
    ]),
  )
  const parts = [
    head,
    ...sections.map(section),
    `${searching}\n\n${searches}`,
    `## Remarks\n\n${remarks.map(({ text }, index) => `${index + 1}. ${text}`).join('\n')}`,
    unknown,
  ]
  const outdated = remarks.filter((remark) => !used.has(remark)).map(({ text }) => text)
  return { text: `${parts.join('\n\n')}\n`, outdated }
}

interface Section {
  readonly heading: string
  readonly note: string
  readonly kinds: readonly Kind[]
}

const sections: readonly Section[] = [
  {
    heading: 'Servers and domains',
    note: 'A domain whose host offers what the column says.',
    kinds: serverKinds,
  },
  {
    heading: 'Services and OAuth2',
    note: 'The cells are about mail only: whether a client also sets up calendars, contacts or JMAP was not examined.',
    kinds: featureKinds,
  },
  {
    heading: 'Usernames',
    note: `The mail server accepts only the username in the column, not the address. A personal link shows people their login, whatever client
they use, and installs it on an iPhone, iPad or Mac: [accounts.md](accounts.md#personal-links).`,
    kinds: usernameKinds,
  },
  {
    heading: 'Published records',
    note: `Domains whose zone has only a part of the records. In all columns but *MX only*, the MX leads to a filter of another company, so
that no client finds the settings by the MX.`,
    kinds: zoneKinds,
  },
]

const head = `<!-- The tests make this page. Do not edit it: change test/docs/clients-table/, and run
${command} -->

# Which mail clients work

This page answers "will Delta Chat work with my setup?". Each table has a row for each mail client and a column for each kind of
settings. **The tests make the tables**: for each column, they start the server with that configuration, publish exactly the records
that \`mail-autoconfig dns\` prints, let each client of [\`rehearse\`](rehearse.md) look for the settings of \`jane@customer.example\`, and
compare the account that it would set up with the right one: server, port, encryption, username and, if the client reads it, the method of
authentication. A test fails if this page and the code differ.

## How to read the tables

| cell | meaning |
| --- | --- |
| right | people type their address and password, and the account is right |
| right, but … | servers, ports and encryption are right, and the cell says what is not |
| right, but the username is the address | people replace it with their username, which they must know. If the mail server accepts the address as well, there is nothing to do |
| half: … | the client finds only one of the two servers, and people type the other |
| finds nothing | the client ends its search without an account. It then guesses host names, or people type the settings |
| wrong: … | the client sets up this account, which does not work |
| asks nobody | the client asks neither the domain nor its DNS |
| [1] | see [the remarks](#remarks) |

*Known by* says how we know what the client does. *run*: the client or its own search was run and compared. *source*: its source code was
read. *documents*: only documents and reports of others; **it may do something else**.

In addition to what a column shows, a host has only \`hostname: mx1.hoster.example\`, the domain is mapped to it, and the configuration has
\`publicName: autoconfig.hoster.example\`. All records are published, and the web site of the domain has no settings.`

const searching = `## How each client searches

*Asks for* is everything that a client asks for if it finds nothing, in the order of \`rehearse\`; some clients ask several
at once. *Settings are from* is what it uses in the column *implicit TLS*, where everything is published. \`autoconfig\` is
\`/mail/config-v1.1.xml\` at \`autoconfig.<domain>\`, and \`.well-known\` the same at the domain itself.`

const unknown = `## Not known

- No mail server was asked: the tables say which account a client sets up, not whether the login succeeds.
- The versions are those in the table above. Earlier and later versions can differ.
- Guesses are not rehearsed. A cell with *finds nothing* can end well if your servers have names that clients guess, such as
  \`imap.customer.example\`.
- All certificates are valid here. Without one, a client behaves as if there were no answer, or goes on over http, or asks people.
- Clients in the cloud, such as new Outlook and Outlook for phones, may have lists of their own.
- A client that is not listed was not examined. \`mail-autoconfig check\` warns of settings that break a client that we know.`
