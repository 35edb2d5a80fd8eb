import type { Client } from '../../src/rehearsal/client.ts'
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
export const command = `UPDATE_DOCS=1 npx tap --disable-coverage test/clients-table.test.ts`

/** The whole page, and the remarks that fit no cell. */
export function pageOf(rows: readonly Row[]): {
  readonly text: string
  readonly outdated: readonly string[]
} {
  const used = new Set<Remark>()
  const cells = new Map<string, string>()
  for (const row of rows)
    for (const [title, verdict] of row.verdicts) {
      const fitting = remarks.filter((remark) => isAbout(remark, row, title, verdict))
      for (const remark of fitting) used.add(remark)
      const numbers = fitting.map((remark) => remarks.indexOf(remark) + 1)
      cells.set(`${row.client.id} ${title}`, [verdict, ...numbers.map((number) => `[${number}]`)].join(' '))
    }
  const verdictTable = (kinds: readonly Kind[]): string =>
    table(
      ['client', 'known by', ...kinds.map(({ title }) => title)],
      rows.map(({ client, name }) => [
        name,
        evidence[client.known],
        ...kinds.map(({ title }) => cells.get(`${client.id} ${title}`) ?? ''),
      ]),
    )
  const settings = (kinds: readonly Kind[]): string =>
    table(
      ['column', 'configuration'],
      kinds.map(({ title, setting }) => [title, setting]),
    )
  const section = (title: string, kinds: readonly Kind[]): string =>
    `## ${title}\n\n${settings(kinds)}\n\n${verdictTable(kinds)}`
  const text = [
    head,
    section('Servers and domains', serverKinds),
    section('Other settings', featureKinds),
    section('Usernames', usernameKinds),
    section('What is published', zoneKinds),
    `## How each client searches\n\n${searching}\n\n${table(
      ['client', 'version', 'compared on', 'known by', 'asks for', 'settings are from'],
      rows.map(({ client, name, asks, origin }) => [
        name,
        client.version.replace(/ \((GitHub|Google Play)\)$/, ''),
        client.date,
        evidence[client.known],
        asks || 'nothing',
        origin || '–',
      ]),
    )}`,
    `## Remarks\n\n${remarks.map(({ text }, index) => `${index + 1}. ${text}`).join('\n')}`,
    unknown,
  ].join('\n\n')
  const outdated = remarks.filter((remark) => !used.has(remark)).map(({ text }) => text)
  return { text: `${text}\n`, outdated }
}

const isAbout = (
  { clients, kinds, cells }: Remark,
  { client }: Row,
  title: string,
  verdict: string,
): boolean =>
  (clients === undefined || clients.includes(client.id)) &&
  (kinds === undefined || kinds.includes(title)) &&
  cells.test(verdict)

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

const head = `<!-- The tests make this page. Do not edit it: change test/clients-table/, and run
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
| right | the person types address and password, and the account is right |
| right, but … | servers, ports and encryption are right, and the rest of the cell says what the person has to do or to know |
| half: … | the client finds one of the two servers, and the person types the other |
| finds nothing | the client ends its search without an account. It then guesses or asks the person for the settings |
| wrong: … | the client sets up this account, which does not work |
| asks nobody | the client asks neither the domain nor its DNS: people install a profile ([phones.md](phones.md)) or type the settings |
| [1] | see [the remarks](#remarks) |

*Known by* says how we know what the client does. *run*: the client or its own search was run and compared. *source*: its source code was
read. *documents*: only documents and reports of others; **it may do something else**.

Unless the column says otherwise, a host has \`hostname: mx1.hoster.example\` and nothing else, the domain is mapped to it, the configuration
has \`publicName: autoconfig.hoster.example\`, all records are published, and the web site of the domain has no settings.`

const searching = `*Asks for* is everything that a client asks for if it finds nothing, in the order of \`rehearse\`; some clients ask several
at once. *Settings are from* is what it uses if everything is published. \`autoconfig\` is \`/mail/config-v1.1.xml\` at
\`autoconfig.<domain>\`, \`.well-known\` the same at the domain itself.`

const unknown = `## What is not known

- No mail server was asked: the tables say which account a client sets up, not whether the login succeeds.
- The versions are those in the table above. Earlier and later versions can differ.
- Guesses are not rehearsed. A cell with *finds nothing* can end well if your servers have names that clients guess, such as
  \`imap.customer.example\`.
- All certificates were valid. What clients do without one is in [behind-a-proxy.md](behind-a-proxy.md) and [outlook.md](outlook.md).
- Clients in the cloud, such as new Outlook and Outlook for phones, may have lists of their own.
- A client that is not listed was not examined. \`mail-autoconfig check\` warns of settings that break a client that we know.`
