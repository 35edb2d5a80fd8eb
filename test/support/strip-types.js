import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'

/** Files whose types were stripped before, by the hash of their text: to strip them takes longer than to run most tests. */
const cache = new URL('../../node_modules/.cache/strip-types/', import.meta.url)

/** A hook of Node.js: what is left of a TypeScript file without its types stands in the same lines and columns. */
export async function load(url, context, nextLoad) {
  if (!new URL(url).pathname.endsWith('.ts')) return nextLoad(url, context)
  const { source } = await nextLoad(url, { ...context, format: 'module' })
  return { format: 'module', shortCircuit: true, source: await strip(String(source)) }
}

async function strip(source) {
  const file = new URL(`${createHash('sha256').update(source).digest('hex')}.js`, cache)
  const known = await readFile(file, 'utf8').catch(() => undefined)
  if (known !== undefined) return known
  const { default: blankSpace } = await import('ts-blank-space')
  const stripped = blankSpace(source)
  await mkdir(cache, { recursive: true })
  // Another process must not read half a file.
  const temporary = new URL(`${process.pid}-${performance.now()}`, cache)
  await writeFile(temporary, stripped)
  await rename(temporary, file)
  return stripped
}
