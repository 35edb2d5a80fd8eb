import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import type { KeyPairFiles } from './certificate-folder.ts'
import type { Candidate } from './server.ts'

/** Fastify that answers every request with one finished document. */
export function bareFastify(folder: string, domains: number, document: string): Candidate {
  const program = compile('bare-fastify', folder)
  return {
    name: 'bare Fastify',
    args: (port) => [program, port, document],
    among: domains,
    right: 'anything',
  }
}

/** Node that does the same without a framework. */
export function bareHttp(folder: string, domains: number, document: string): Candidate {
  const program = compile('bare-http', folder)
  return {
    name: 'bare node:http',
    args: (port) => [program, port, document],
    among: domains,
    right: 'anything',
  }
}

/** Node that does the same over TLS, with one certificate. */
export function bareHttps(folder: string, domains: number, document: string, pair: KeyPairFiles): Candidate {
  const program = compile('bare-https', folder)
  return {
    name: 'bare node:https',
    args: (port, _adminPort, tlsPort) => [program, port, tlsPort, document, pair.certificate, pair.key],
    among: domains,
    right: 'anything',
  }
}

/** Fastify with a Map, and xmlbuilder2 for each request. */
export function naive(folder: string, domains: number): Candidate {
  const program = compile('naive', folder)
  return {
    name: 'naive, xmlbuilder2',
    args: (port) => [program, port, `${domains}`],
    among: domains,
    right: [0],
  }
}

/** Compiles the candidates to JavaScript like our server: with a loader they use 3 % more CPU, which would favour our server. */
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
