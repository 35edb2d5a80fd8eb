import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import type { Candidate } from './server.ts'

/** Fastify answering one finished document, whatever is asked. */
export function bareFastify(folder: string, domains: number, document: string): Candidate {
  const program = compile('bare-fastify', folder)
  return {
    name: 'bare Fastify',
    args: (port) => [program, port, document],
    among: domains,
    right: 'anything',
  }
}

/** Node doing the same without a framework. */
export function bareHttp(folder: string, domains: number, document: string): Candidate {
  const program = compile('bare-http', folder)
  return {
    name: 'bare node:http',
    args: (port) => [program, port, document],
    among: domains,
    right: 'anything',
  }
}

/** Fastify, a Map, and xmlbuilder2 for each request. */
export function naive(folder: string, domains: number): Candidate {
  const program = compile('naive', folder)
  return {
    name: 'naive, xmlbuilder2',
    args: (port) => [program, port, `${domains}`],
    among: domains,
    right: [0],
  }
}

/** Makes JavaScript of them, as it is made of ours: run through a loader they need 3 % more CPU, which would flatter us. */
function compile(candidate: string, folder: string): string {
  const outfile = join(folder, `${candidate}.mjs`)
  const modules = join(folder, 'node_modules')
  if (!existsSync(modules)) symlinkSync(new URL('../node_modules', import.meta.url), modules)
  const source = fileURLToPath(new URL(`candidates/${candidate}.ts`, import.meta.url))
  buildSync({
    entryPoints: [source],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  })
  return outfile
}
