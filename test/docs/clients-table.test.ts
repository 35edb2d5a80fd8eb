import { readFileSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import type { Account, Client, Rehearsal } from '../../src/rehearsal/client.ts'
import { clients } from '../../src/rehearsal/clients/index.ts'
import type { Network } from '../../src/rehearsal/network.ts'
import { rehearse } from '../../src/rehearsal/walk.ts'
import { changesIn } from './clients-table/changes.ts'
import { customer, type Kind, kinds, mailHost, serverKinds } from './clients-table/kinds.ts'
import { command, pageFile, pageOf, type Row } from './clients-table/page.ts'
import { servedWorld, unknownWorld } from './clients-table/served-world.ts'
import { asksIn, originOf } from './clients-table/steps.ts'
import { verdictOf } from './clients-table/verdict.ts'

/**
 * The tables of docs/clients.md: every client and every kind of settings, against our own server and the records that `dns` prints.
 * `UPDATE_DOCS=1` writes the page again; look at each cell that changes before you commit it.
 */

const jane = `jane@${customer}`

function look(client: Client, network: Network, address: string): Promise<Rehearsal> {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  return rehearse(client, { address, domain, agrees: false }, network, new AbortController().signal)
}

/** What each client makes of a kind, by the id of the client. */
async function verdictsOn(t: Test, kind: Kind): Promise<ReadonlyMap<string, string>> {
  const network = await servedWorld(t, kind)
  const verdicts = new Map<string, string>()
  for (const client of clients) {
    const attempts = []
    for (const address of kind.addresses)
      attempts.push({ address, account: (await look(client, network, address)).account })
    verdicts.set(client.id, verdictOf(client, kind, attempts))
  }
  return verdicts
}

/** Two editions of a client have the same name, and the edition in their version. */
function nameOf({ name, version }: Client): string {
  const isAlone = clients.filter((other) => other.name === name).length === 1
  return isAlone ? name : `${name} ${version.replace(/.*(?=\()/, '')}`
}

t.test('the tables of clients are those that the rehearsals make', async (t) => {
  const verdicts = new Map<string, ReadonlyMap<string, string>>()
  for (const kind of kinds) verdicts.set(kind.title, await verdictsOn(t, kind))
  const usual = await servedWorld(t, serverKinds[0] as Kind)
  const rows: Row[] = []
  for (const client of clients)
    rows.push({
      client,
      name: nameOf(client),
      asks: asksIn(await look(client, unknownWorld(), jane)),
      origin: originOf(await look(client, usual, jane)),
      verdicts: new Map([...verdicts].map(([title, cells]) => [title, cells.get(client.id) ?? ''])),
    })
  const { text, outdated } = pageOf(rows)
  t.strictSame(outdated, [], 'every remark explains a cell')
  if (process.env['UPDATE_DOCS']) writeFileSync(pageFile, text)
  const changes = changesIn(readFileSync(pageFile, 'utf8'), text)
  for (const change of changes) t.fail(`${pageFile}:${change}`)
  t.equal(changes.length, 0, `the page is up to date; to write it again: ${command}`)
})

t.test('a cell says what is wrong with an account, or who has to do something', async (t) => {
  const [kind] = serverKinds as [Kind]
  const [thunderbird] = clients as [Client]
  const right = {
    incoming: { type: 'imap', host: mailHost, port: 993, socketType: 'SSL', username: jane },
    outgoing: { type: 'smtp', host: mailHost, port: 465, socketType: 'SSL', username: jane },
  }
  const on = (changes: Partial<Account>, changed = kind) =>
    verdictOf(thunderbird, changed, [{ address: jane, account: { ...right, ...changes } }])
  t.equal(on({}), 'right')
  t.equal(on({ incoming: { ...right.incoming, port: 143 } }), `wrong: imap ${mailHost}:143 SSL`)
  t.equal(on({ outgoing: { ...right.outgoing, host: 'a.example' } }), 'wrong: smtp a.example:465 SSL')
  t.equal(
    on({ incoming: { ...right.incoming, host: '', port: 0 } }),
    'wrong: imap without a name and port, SSL',
  )
  t.equal(on({ incoming: { ...right.incoming, authentication: 'NTLM' } }), 'wrong: NTLM')
  t.equal(on({ outgoing: { ...right.outgoing, username: 'joe' } }), `wrong: username ${jane} and joe`)
  t.equal(on({ incoming: null }), 'half: no incoming server')
  t.equal(on({ outgoing: null }), 'half: no outgoing server')
  const literal = { ...kind, right: { ...kind.right, usernames: ['user0001'] } }
  t.equal(on({}, literal), 'right, but the username is the address')
  t.equal(verdictOf(thunderbird, kind, [{ address: jane, account: null }]), 'finds nothing')
})

t.test('a difference has its line, and in a table its row and its column', async (t) => {
  const page = '# A\n\n| client | b | c |\n| --- | --- | --- |\n| d | right | right |\nend'
  t.strictSame(changesIn(page, page), [])
  t.strictSame(changesIn(page, page.replace('right |\n', 'finds nothing |\n')), [
    '5 d, c: "right" is now "finds nothing"',
  ])
  t.strictSame(changesIn(page, page.replace('end', 'END')), ['6 "end" is now "END"'])
  t.strictSame(changesIn(page, page.replace('| d ', '| e ')), [
    '5 "| d | right | right |" is now "| e | right | right |"',
  ])
  t.strictSame(changesIn(page, `${page.replace('# A', '# B')}\n1`), [
    '1 "# A" is no longer on the page',
    '1 "# B" is new on the page',
    '7 "1" is new on the page',
  ])
})
