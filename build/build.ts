/**
 * `npm run build`: dist/ with the command, the library, the notices and the bill of materials of the packages that are bundled, the
 * manual page, and the completions of shells.
 */
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundle } from './bundle.ts'
import { describeProgram } from './command-description.ts'
import { bashCompletion } from './completions/bash.ts'
import { fishCompletion } from './completions/fish.ts'
import { zshCompletion } from './completions/zsh.ts'
import { manPage } from './man-page.ts'
import { bundledPackages, notices } from './notices.ts'
import { sbom } from './sbom.ts'

const { values } = parseArgs({ options: { 'source-maps': { type: 'boolean' } } })
const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

const result = await bundle(root, { sourceMaps: values['source-maps'] ?? false })
const isLegal = ({ path }: { readonly path: string }): boolean => path.endsWith('.LEGAL.txt')

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
for (const file of result.outputFiles) {
  if (!isLegal(file)) writeFileSync(join(dist, basename(file.path)), file.contents)
}
// The files that `src/resources.ts` reads.
for (const room of ['messages', 'page']) {
  cpSync(join(root, 'src', room), join(dist, room), {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || !path.endsWith('.ts'),
  })
}
chmodSync(join(dist, 'bin.js'), 0o755)
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const packages = bundledPackages(result, root)
writeFileSync(
  join(dist, 'THIRD-PARTY-NOTICES.txt'),
  notices(
    packages,
    result.outputFiles.filter(isLegal).map(({ text }) => text),
  ),
)
writeFileSync(join(dist, 'sbom.cdx.json'), sbom(manifest, packages))

const program = describeProgram()
for (const [file, text] of [
  ['mail-autoconfig.1', manPage(program, manifest.homepage)],
  ['completions/mail-autoconfig.bash', bashCompletion(program)],
  ['completions/_mail-autoconfig', zshCompletion(program)],
  ['completions/mail-autoconfig.fish', fishCompletion(program)],
] as const) {
  mkdirSync(dirname(join(dist, file)), { recursive: true })
  writeFileSync(join(dist, file), text)
}
