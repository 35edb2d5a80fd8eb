import { execFileSync } from 'node:child_process'
import { mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { domainAt, hostKeyAt, hostKeys, writeMap } from './domains.ts'
import { hostnameOf, provider } from './provider.ts'
import type { Candidate } from './server.ts'

export interface Setup {
  readonly name: string
  readonly domains: number
  /** The place of the domains: the configuration file itself, or a map file next to it. */
  readonly form: 'inline' | 'map'
  readonly accessLog?: boolean
  /** Further settings of `http:`. */
  readonly http?: object
  /** The directory of certificates. With it, the server speaks TLS as well. */
  readonly certificates?: string
  /** Files beside the configuration, such as secrets. */
  readonly files?: Readonly<Record<string, string>>
}

export interface Ours extends Candidate {
  /** Writes the next generation of the map next to the current map, and returns the step that replaces it. */
  prepareMap(generation: number): () => void
}

/** Builds our server and returns its program; BIN=path/to/bin.js measures another build instead. */
export function build(): string {
  const { BIN } = process.env
  if (BIN !== undefined) return BIN
  const root = fileURLToPath(new URL('..', import.meta.url))
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  return join(root, 'dist', 'bin.js')
}

/** Our server with its own configuration in this directory. */
export function ours(program: string, folder: string, setup: Setup): Ours {
  const home = mkdtempSync(join(folder, 'ours-'))
  const config = join(home, 'autoconfig.yaml')
  const map = join(home, 'domains.map')
  writeFileSync(config, configText(setup))
  for (const [name, content] of Object.entries(setup.files ?? {}))
    writeFileSync(join(home, name), content, { mode: 0o600 })
  if (setup.form === 'map') writeMap(map, setup.domains)

  return {
    name: setup.name,
    among: setup.domains,
    right: [0],
    args(port, adminPort, tlsPort) {
      const listeners = [
        ['--host', '127.0.0.1', '--port', port],
        ['--admin-host', '127.0.0.1', '--admin-port', adminPort],
        setup.certificates === undefined ? [] : ['--tls-host', '127.0.0.1', '--tls-port', tlsPort],
      ]
      return [program, 'serve', '--config', config, ...listeners.flat()]
    },
    prepareMap(generation) {
      const next = join(home, 'next.map')
      writeMap(next, setup.domains, generation)
      return () => renameSync(next, map)
    },
  }
}

/** JSON is also YAML. */
function configText({ domains, form, accessLog = false, http, certificates }: Setup): string {
  const hosts = Object.fromEntries(hostKeys.map((key) => [key, { hostname: hostnameOf(key) }]))
  const domainLine = (index: number): string => `  ${domainAt(index)}: ${hostKeyAt(index)}\n`
  const inlineDomains = (): string =>
    Array.from({ length: domains }, (_, index) => domainLine(index)).join('')
  return `
provider: ${JSON.stringify(provider)}
hosts: ${JSON.stringify(hosts)}
http: ${JSON.stringify({ accessLog, ...http })}
${certificates === undefined ? '' : `tls: ${JSON.stringify({ folder: certificates })}`}
${form === 'map' ? 'domainFiles: [domains.map]\n' : `domains:\n${inlineDomains()}`}`
}
