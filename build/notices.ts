import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bundle } from './bundle.ts'

/** Licences that let us distribute a bundle with a notice. Any other one needs a decision by a person. */
export const allowedLicenses: ReadonlySet<unknown> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
])

/** The fields of a bundled package's package.json that a notice needs, and the text of its licence files. */
export interface BundledPackage {
  readonly name: string
  readonly version: string
  /** An SPDX identifier, unless the package is careless. */
  readonly license?: unknown
  readonly author?: string | { readonly name: string }
  readonly texts: readonly string[]
}

/** Every package with code in the bundle, by name. Two versions of a package are two entries. */
export function bundledPackages({ metafile }: Pick<Bundle, 'metafile'>, root: string): BundledPackage[] {
  const folders = new Set<string>()
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const [folder] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file) ?? []
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder)
    }
  }
  return [...folders]
    .map((folder) => readPackage(join(root, folder)))
    .sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version))
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort(compare)
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
  return { name, version, license, author, texts }
}

/** The order does not depend on the language of the machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The text of THIRD-PARTY-NOTICES.txt. Throws for a licence that is not allowed. */
export function notices(packages: readonly BundledPackage[], legalComments: readonly string[]): string {
  const refused = packages.filter(({ license }) => !allowedLicenses.has(license))
  if (refused.length > 0) {
    const list = refused.map(
      ({ name, version, license }) => `${name} ${version} (${JSON.stringify(license)})`,
    )
    throw new Error(`licence not in the list of build/notices.ts: ${list.join(', ')}`)
  }
  const comments = legalComments.map((text) => text.replace('Bundled license information:', '').trim())
  return `${[
    `mail-autoconfig contains code of these ${packages.length} packages.`,
    ...packages.map(notice),
    'Copyright notices in the source code of these packages:',
    ...comments,
  ].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

function notice({ name, version, license, author, texts }: BundledPackage): string {
  const by = typeof author === 'object' ? author.name : author
  const head = `${name} ${version}\nLicense: ${license}${by === undefined ? '' : `\nAuthor: ${by}`}`
  return [head, ...texts].join('\n\n')
}
