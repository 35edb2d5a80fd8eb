import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Files whose types were stripped before, by the hash of their text: to strip them takes longer than to run most tests. */
const cache = new URL('../../node_modules/.cache/strip-types/', import.meta.url)

/**
 * A hook of Node.js: what is left of a TypeScript file without its types stands in the same lines and columns. Hooks have a thread of
 * their own, in which nothing else waits.
 */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context)
  return { format: 'module', shortCircuit: true, source: await strip(readFileSync(new URL(url), 'utf8')) }
}

/** The name of a TypeScript file is always written out, so there is nothing to look for. */
export function resolve(specifier, context, nextResolve) {
  if (!specifier.startsWith('.') || !specifier.endsWith('.ts')) return nextResolve(specifier, context)
  return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
}

async function strip(source) {
  const file = new URL(`${createHash('sha256').update(source).digest('hex')}.js`, cache)
  try {
    return readFileSync(file, 'utf8')
  } catch {
    const { default: blankSpace } = await import('ts-blank-space')
    const stripped = blankSpace(source)
    mkdirSync(cache, { recursive: true })
    // Another process must not read half a file.
    const temporary = new URL(`${process.pid}-${performance.now()}`, cache)
    writeFileSync(temporary, stripped)
    renameSync(temporary, file)
    return stripped
  }
}
