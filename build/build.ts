/** `npm run build`: dist/ with the command, the library, and the notices of the packages that are bundled. */
import { chmodSync, cpSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundle } from './bundle.ts'
import { bundledPackages, notices } from './notices.ts'

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
writeFileSync(
  join(dist, 'THIRD-PARTY-NOTICES.txt'),
  notices(
    bundledPackages(result, root),
    result.outputFiles.filter(isLegal).map(({ text }) => text),
  ),
)
