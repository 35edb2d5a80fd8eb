import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { loadConfig } from '../src/config/load.ts'
import { Directory } from '../src/directory.ts'
import { parseDomain } from '../src/domain/address.ts'
import { autoconfig } from '../src/formats/autoconfig.ts'
import { type Element, parseXml } from './readers/xml.ts'
import { configFolder, expressed } from './support/example.ts'

/**
 * Real documents of the ISPDB, as far as they lie beside this project: each that uses only what our model knows is
 * written as a configuration, rendered, and compared with the original by meaning.
 */
const folder = process.env['ISPDB_FOLDER'] ?? '../shared/ispdb'
const compare = process.env['ISPDB_COMPARE'] ?? '../shared/tools/compare.py'

const python = spawnSync('python3', ['--version']).status === 0
const missing = [folder, compare].filter((path) => !existsSync(path))
const skip = missing.length > 0 ? `no ${missing.join(' and ')}` : !python && 'no python3'

/** A document as a configuration; `undefined` if it holds something that our model does not know. */
function configOf(document: Element): object | undefined {
  const [emailProvider, ...others] = document.children
  const webMails = others.filter(({ name }) => name === 'webMail')
  if (!emailProvider || others.length > webMails.length || webMails.length > 1) return undefined
  // An id is a host name, which we write in small letters.
  if (parseDomain(emailProvider.attributes['id'] ?? '') !== emailProvider.attributes['id']) return undefined
  const known = new Set([
    'domain',
    'displayName',
    'displayShortName',
    'incomingServer',
    'outgoingServer',
    'documentation',
  ])
  if (emailProvider.children.some(({ name }) => !known.has(name))) return undefined
  const all = (name: string) => emailProvider.children.filter((child) => child.name === name)
  const servers = [...all('incomingServer'), ...all('outgoingServer')].map(serverOf)
  const pages = all('documentation').map(pageOf)
  const loginPage = webMails[0]?.children.map(({ name, attributes, children }) =>
    name === 'loginPage' && children.length === 0 ? attributes['url'] : undefined,
  )
  if (servers.includes(undefined) || pages.includes(undefined) || loginPage?.some((url) => !url))
    return undefined
  if ((loginPage?.length ?? 1) !== 1 || all('displayName').length !== 1) return undefined
  return {
    provider: {
      id: emailProvider.attributes['id'],
      displayName: textOf(all('displayName')[0]),
      displayShortName: textOf(all('displayShortName')[0]),
      documentation: pages,
    },
    hosts: {
      mx: {
        hostname: servers[0]?.hostname,
        shape: 'all',
        servers,
        ...(loginPage && { webMail: loginPage[0] }),
      },
    },
    domains: Object.fromEntries(all('domain').map((domain) => [textOf(domain), 'mx'])),
  }
}

function serverOf({ attributes, children }: Element) {
  const server: Record<string, unknown> = { type: attributes['type'], authentication: [] as string[] }
  for (const child of children) {
    if (child.name === 'authentication') (server['authentication'] as string[]).push(textOf(child))
    else if (child.name === 'pop3') {
      for (const option of child.children) {
        if (!['leaveMessagesOnServer', 'daysToLeaveMessagesOnServer'].includes(option.name)) return undefined
        server[option.name] = JSON.parse(textOf(option))
      }
    } else if (!['hostname', 'port', 'socketType', 'username'].includes(child.name)) return undefined
    else server[child.name] = child.name === 'port' ? Number(textOf(child)) : textOf(child)
  }
  if (!('username' in server)) return undefined
  return server as { hostname: string }
}

function pageOf({ attributes, children }: Element) {
  if (children.some(({ name, attributes }) => name !== 'descr' || !attributes['lang'])) return undefined
  const texts = children.map((child) => [child.attributes['lang'], textOf(child)])
  return { url: attributes['url'], descr: Object.fromEntries(texts) }
}

const textOf = (element: Element | undefined): string =>
  (element?.parts.map(({ text }) => text).join('') ?? '').trim().replace(/\s*\n\s*/g, ' ')

t.test(
  'documents of the ISPDB, written as a configuration, are rendered equal in meaning',
  { skip },
  async (t) => {
    const unknown: string[] = []
    const documents: { name: string; original: string; domain: string; rendered: string }[] = []
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.xml'))) {
      const original = readFileSync(join(folder, name))
      const config = configOf(parseXml(original).root)
      const outcome = config && (await loadConfig(configFolder(t, config)))
      if (!outcome || 'faults' in outcome) {
        const why = outcome
          ? outcome.faults.map(({ path, message }) => `${path} ${message}`).join('; ')
          : 'elements'
        unknown.push(`${name}: ${why}`)
        continue
      }
      const directory = new Directory(outcome.config)
      for (const pattern of directory.patterns()) {
        const settings = await directory.settings({ domain: parseDomain(pattern) })
        const rendered = settings ? expressed(autoconfig.render(settings)) : ''
        documents.push({ name, original: original.toString('latin1'), domain: pattern, rendered })
      }
    }
    const results = differences(documents)
    for (const [index, { name, domain }] of documents.entries()) {
      t.strictSame(results[index], [], `${name} for ${domain}`)
    }
    const equal = new Set(documents.map(({ name }) => name)).size
    t.comment(
      `${equal} documents are equal; ${unknown.length} hold what the model does not know:\n${unknown.join('\n')}`,
    )
    t.ok(equal > unknown.length)
  },
)

/** What the comparison says of each pair: all in one process, of which each takes a while to start. */
function differences(documents: readonly object[]): string[][] {
  const script = `
import json, sys
sys.path.insert(0, ${JSON.stringify(dirname(compare))})
import compare
pairs = json.load(sys.stdin)
options = lambda pair: compare.Options(domain=pair['domain'])
print(json.dumps([compare.compare_bytes(p['original'].encode('latin1'), p['rendered'].encode(), options(p)) for p in pairs]))
`
  const { stdout, stderr } = spawnSync('python3', ['-c', script], {
    input: JSON.stringify(documents),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}
