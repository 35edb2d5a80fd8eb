import { existsSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import t from 'tap'
import { bundle, bundleOptions } from '../../build/bundle.ts'
import { allowedLicenses, type BundledPackage, bundledPackages, notices } from '../../build/notices.ts'
import { sbom } from '../../build/sbom.ts'

const root = process.cwd()
const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const built = await bundle(root)

/** A package that has a licence we may distribute. */
const example: BundledPackage = {
  name: 'example',
  version: '1.2.3',
  license: 'MIT',
  texts: ['Do as you like.'],
}

t.test('the notices name each bundled package and contain its licence', async (t) => {
  const packages = bundledPackages(built, root)
  const text = notices(packages, [])
  t.strictSame(
    packages.filter(
      ({ name, version, license }) => !text.includes(`\n${name} ${version}\nLicense: ${license}\n`),
    ),
    [],
  )
  t.strictSame(
    packages.filter(({ texts }) => !texts.every((licence) => text.includes(licence))),
    [],
  )
  t.strictSame(
    packages.filter(({ license }) => !allowedLicenses.has(license)),
    [],
  )
  const names = packages.map(({ name }) => name)
  t.ok(names.length > 60)
  for (const name of ['fastify', '@oozcitak/dom', 'zod']) t.ok(names.includes(name), name)
  t.strictSame(names, [...names].sort())
})

t.test('every file of a package in the bundle belongs to a package in the notices', async (t) => {
  const names = bundledPackages(built, root).map(({ name }) => name)
  const files = Object.values(built.metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([file]) => /.*node_modules\/(.*)/.exec(file)?.[1] ?? [])
  t.ok(files.length > 500)
  t.strictSame(
    files.filter((file) => !names.some((name) => file.startsWith(`${name}/`))),
    [],
  )
})

t.test('the bill of materials has each bundled package, and is the same for the same bundle', async (t) => {
  const packages = bundledPackages(built, root)
  const text = sbom(manifest, packages)
  const { specVersion, metadata, components, dependencies } = JSON.parse(text)
  t.equal(specVersion, '1.6')
  t.match(metadata.component, { name: manifest.name, version: manifest.version, type: 'application' })
  const urls = components.map(({ purl }: { purl: string }) => purl)
  t.strictSame(
    urls.map((url: string) => decodeURIComponent(url)).sort(),
    packages.map(({ name, version }) => `pkg:npm/${name}@${version}`).sort(),
  )
  const [ofProgram] = dependencies.filter(({ ref }: { ref: string }) => ref === metadata.component['bom-ref'])
  t.strictSame(ofProgram.dependsOn, urls)
  t.match(components, [
    { group: '@commander-js', name: 'extra-typings', licenses: [{ license: { id: 'MIT' } }] },
  ])
  t.equal(sbom(manifest, bundledPackages(built, root)), text)
})

t.test('a package without a licence file is named with its author', async (t) => {
  const text = notices([{ ...example, author: { name: 'Jane Roe' }, texts: [] }], [])
  t.match(text, 'example 1.2.3\nLicense: MIT\nAuthor: Jane Roe\n')
  t.match(
    notices([{ ...example, author: 'Jane Roe <jane@example.org>' }], []),
    'Author: Jane Roe <jane@example.org>\n',
  )
})

t.test('two versions of a package are two entries, in order', async (t) => {
  const inputs = Object.fromEntries(
    ['pino-pretty/node_modules/sonic-boom', 'sonic-boom', 'pngjs', 'qrcode/node_modules/pngjs'].map(
      (folder) => [`node_modules/${folder}/index.js`, { bytesInOutput: 1 }],
    ),
  )
  const output = { bytes: 1, inputs, imports: [], exports: [] }
  const packages = bundledPackages({ metafile: { inputs: {}, outputs: { 'dist/bin.js': output } } }, root)
  t.strictSame(
    packages.map(({ name }) => name),
    ['pngjs', 'pngjs', 'sonic-boom', 'sonic-boom'],
  )
  t.notSame(packages[0]?.version, packages[1]?.version)
})

t.test('the notices contain the copyright comments of the source code', async (t) => {
  t.match(
    notices([example], ['Bundled license information:\n\nexample/a.js:\n  /*! (c) Jane Roe */\n']),
    '(c) Jane Roe',
  )
  t.ok(built.outputFiles.some(({ path }) => path.endsWith('.LEGAL.txt')))
})

t.test('a package with another licence, or without one, fails the build', async (t) => {
  for (const license of ['GPL-3.0-only', 'SEE LICENSE IN LICENSE', '(MIT OR GPL-2.0)', undefined]) {
    t.throws(() => notices([example, { ...example, name: 'other', license }], []), {
      message: /^licence not in the list of build\/notices\.ts: other 1\.2\.3/,
    })
  }
})

t.test('the program runs on the oldest Node that package.json names', async (t) => {
  t.equal(manifest.engines.node, '>=20.19')
  t.equal(bundleOptions(root).target, 'node20.19')
})

t.test('source maps are written only on request', async (t) => {
  t.notOk(built.outputFiles.some(({ path }) => path.endsWith('.map')))
  t.equal(bundleOptions(root, { sourceMaps: true }).sourcemap, 'linked')
})

t.test('the package installs no other package, and needs only drivers that the admin chooses', async (t) => {
  t.equal(manifest.dependencies, undefined)
  const optional = Object.keys(manifest.peerDependenciesMeta)
  t.strictSame(Object.keys(manifest.peerDependencies), optional)
  for (const name of optional) t.equal(manifest.peerDependenciesMeta[name].optional, true, name)

  const external = Object.values(built.metafile.outputs)
    .flatMap(({ imports }) => imports.filter(({ external }) => external))
    .map(({ path }) => path)
    .filter((path) => !isBuiltin(path))
  // Fastify loads these for routes with a schema and for `inject`, and the program uses neither.
  const unused = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request']
  const drivers = ['pg', 'mysql2', 'libsql/promise', 'ldapts', '@redis/client']
  t.strictSame([...new Set(external)].sort(), [...drivers, ...unused].sort())
  for (const driver of drivers) t.ok(optional.includes(driver.replace('/promise', '')), driver)
})

t.test('package.json names files that the build writes or that exist', async (t) => {
  const written = built.outputFiles.map(({ path }) => path.slice(root.length + 1))
  t.ok(written.includes(manifest.bin['mail-autoconfig']))
  t.ok(written.includes(manifest.exports['.'].default.slice(2)))
  t.ok(written.includes('dist/load-worker.js'))
  t.equal(manifest.exports['.'].types, manifest.types)
  for (const file of ['LICENSE', ...manifest.files]) t.ok(file === 'dist' || existsSync(file), file)
})
