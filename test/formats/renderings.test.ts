import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import t from 'tap'
import { bytesOf } from '../../src/documents/rendering.ts'
import { Renderings } from '../../src/documents/renderings.ts'
import { autoconfig } from '../../src/formats/autoconfig.ts'
import type { Format } from '../../src/formats/format.ts'
import { displayName as displayNameSchema } from '../../src/hosts/fields.ts'
import { type Domain, inULabels } from '../../src/model/address.ts'
import { failure, success } from '../../src/model/result.ts'
import type { AccountSettings, ClientConfig } from '../../src/model/settings.ts'
import { domain, example, expectValue, load } from '../support/example.ts'

/** The texts and attribute values of a document, from a strict XML reader. */
function read(xml: string): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  const path: string[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    path.push(name)
    for (const [key, value] of Object.entries(attributes)) found[`${path.join('/')}@${key}`] = [String(value)]
  })
  parser.on('closetag', () => path.pop())
  let text = ''
  parser.on('text', (chunk) => {
    text = chunk
    const list = found[path.join('/')] ?? []
    found[path.join('/')] = list
    if (text.trim() !== '') list.push(text)
  })
  parser.write(xml).close()
  return found
}

const clientConfigOf = async (t: Parameters<typeof load>[0]): Promise<ClientConfig> => {
  const clientConfig = (await load(t, example)).hosts.get('maximusconfessor')
  if (!clientConfig) throw new Error('the example has that host')
  return clientConfig
}

/** Any text that the configuration accepts as a name. */
const names = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 30 })
  .filter((text) => displayNameSchema.safeParse(text).success)
  .map((text) => text.trim())

t.test('a strict XML reader reads every configured text unchanged', async (t) => {
  const clientConfig = await clientConfigOf(t)
  const url = fc.webUrl({ withQueryParameters: true, withFragments: true })
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(names, names, names, names, url, (displayName, displayShortName, username, descr, url) => {
        const settings: AccountSettings = {
          domain: domain('example.org'),
          clientConfig: {
            ...clientConfig,
            displayName,
            displayShortName,
            servers: clientConfig.servers.map((server) => ({ ...server, username })),
            documentation: [{ url, descr: { en: descr } }],
            webMail: url,
          },
        }
        const found = read(expectValue(autoconfig.render(settings)))
        const at = (path: string) => found[`clientConfig/${path}`]?.[0]
        return (
          at('emailProvider/displayName') === displayName &&
          at('emailProvider/displayShortName') === displayShortName &&
          at('emailProvider/incomingServer/username') === username &&
          at('emailProvider/documentation/descr') === descr &&
          at('emailProvider/documentation@url') === url &&
          at('webMail/loginPage@url') === url
        )
      }),
      { numRuns: 500 },
    ),
  )
})

t.test('characters that XML does not allow are never written', async (t) => {
  const clientConfig = await clientConfigOf(t)
  for (const displayName of ['a\u0000b', 'a\ufffeb', '\ud800']) {
    t.throws(() =>
      autoconfig.render({ domain: domain('example.org'), clientConfig: { ...clientConfig, displayName } }),
    )
  }
})

/** Domains with U-labels, at any place. */
const internationalised = fc
  .array(fc.constantFrom('bücher', 'straße', '例え', 'a', 'mail-1', 'ελ'), { minLength: 1, maxLength: 5 })
  .map((labels) => [...labels, 'é'].join('.'))

t.test('a filled template is the document, as text and as gzip', async (t) => {
  const clientConfig = await clientConfigOf(t)
  const renderings = new Renderings(autoconfig)
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.oneof(fc.domain(), internationalised), (name) => {
        const settings = { domain: domain(name), clientConfig }
        const template = expectValue(renderings.template(clientConfig, settings.domain))
        const { body, length, etag } = template.fill(settings.domain)
        const zipped = template.fillGzip(settings.domain)
        const expected = expectValue(autoconfig.render(settings))
        return (
          Buffer.from(bytesOf({ body })).toString() === expected &&
          length === Buffer.byteLength(expected) &&
          gunzipSync(zipped.body as Uint8Array).toString() === expected &&
          zipped.length === zipped.body.length &&
          zipped.etag !== etag
        )
      }),
    ),
  )
})

t.test('a document may contain its domain more than once, or not at all', async (t) => {
  const clientConfig = await clientConfigOf(t)
  const format = (text: (name: string) => string): Format => ({
    ...autoconfig,
    render: (settings) => success(text(settings.domain)),
  })
  for (const text of [
    (name: string) => `${name} and ${name}`,
    (name: string) => name,
    (name: string) => `${inULabels(name as Domain)} is ${name}${inULabels(name as Domain)}`,
    () => 'nothing',
    () => 'é',
  ]) {
    const renderings = new Renderings(format(text))
    for (const name of [domain('example.org'), domain('bücher.example')]) {
      const template = expectValue(renderings.template(clientConfig, name))
      const { body, length } = template.fill(name)
      t.equal(Buffer.from(bytesOf({ body })).toString(), text(name))
      t.equal(length, Buffer.byteLength(text(name)))
      const zipped = template.fillGzip(name)
      t.equal(gunzipSync(zipped.body as Uint8Array).toString(), text(name))
    }
  }
})

t.test('a document is rendered once for each client configuration, not for each domain', async (t) => {
  const clientConfig = await clientConfigOf(t)
  let rendered = 0
  const counting: Format = {
    ...autoconfig,
    render(settings) {
      rendered++
      return autoconfig.render(settings)
    },
  }
  const renderings = new Renderings(counting)
  for (let i = 0; i < 100; i++)
    expectValue(renderings.template(clientConfig, domain(`d${i}.example`))).fill(domain(`d${i}.example`))
  t.equal(rendered, 1)
  expectValue(renderings.template({ ...clientConfig }, domain('a.example'))).fill(domain('a.example'))
  t.equal(rendered, 2)
  for (const name of ['bücher.example', 'straße.example'])
    expectValue(renderings.template(clientConfig, domain(name)))
  t.equal(rendered, 3, 'and once for all internationalised domains')
})

t.test('a personal document is rendered for each request, from the address', async (t) => {
  const clientConfig = await clientConfigOf(t)
  const personal: Format = {
    ...autoconfig,
    personal: true,
    render: ({ address }) => success(`für ${address?.localPart}`),
  }
  const renderings = new Renderings(personal)
  const settings = (localPart: string) => ({
    domain: domain('example.org'),
    clientConfig,
    address: { localPart, domain: domain('example.org') },
  })
  const jane = expectValue(renderings.personal(settings('jane')))
  t.equal(Buffer.from(bytesOf(jane)).toString(), 'für jane')
  t.equal(jane.length, 9)
  t.not(expectValue(renderings.personal(settings('john'))).etag, jane.etag)
})

t.test('the reason why a format cannot express settings is returned unchanged', async (t) => {
  const reason = failure('the format cannot express it')
  const renderings = new Renderings({ ...autoconfig, render: () => reason })
  const clientConfig = await clientConfigOf(t)
  t.strictSame(renderings.template(clientConfig, domain('example.org')), reason)
  t.strictSame(renderings.personal({ domain: domain('example.org'), clientConfig }), reason)
  t.strictSame(renderings.withPlaceholder(clientConfig, 'x'), reason)
})
