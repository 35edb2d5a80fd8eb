import { join, resolve } from 'node:path'
import { ispdbNotFoundMaxAge } from '../http/answer.ts'
import { readFailure } from '../reading/read-failure.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { caddyConfiguration } from './export/caddy.ts'
import type { Hosting } from './export/hosting.ts'
import { nginxConfiguration } from './export/nginx.ts'
import { writeSite } from './export/site.ts'
import { CannotExport, Tree } from './export/tree.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface ExportOptions {
  readonly config: string
  readonly precompress?: boolean
  readonly eachDomain?: boolean
  readonly prune?: boolean
}

/** Writes what the server would send to everybody, as files for a web server, with the configuration of nginx and Caddy. */
export function exportTree(
  folder: string,
  { config: file, precompress = false, eachDomain = false, prune = false }: ExportOptions,
  io: Io,
): Promise<ExitCode> {
  const { stdout, stderr } = io
  return withResolver(file, io, async (resolver) => {
    const root = resolve(folder)
    const { maxAge, notFoundMaxAge, compress } = resolver.config.http
    const hosting: Hosting = {
      folder: root,
      port: 80,
      maxAge,
      notFoundMaxAge,
      ispdbNotFoundMaxAge,
      compress,
      precompressed: precompress,
    }
    try {
      const tree = new Tree(root, precompress)
      const site = writeSite(resolver, tree, { eachDomain })
      tree.file('nginx.conf', Buffer.from(nginxConfiguration(site, hosting)))
      tree.file('Caddyfile', Buffer.from(caddyConfiguration(site, hosting)))
      const { written, unchanged, stale } = tree.finish(prune)
      for (const line of notExported(resolver)) stderr.write(`${line}\n`)
      const left = stale === 0 ? '' : `, ${stale} stale ${prune ? 'removed' : 'left (--prune removes them)'}`
      stdout.write(
        `${written} written, ${unchanged} unchanged${left}: ${join(root, 'nginx.conf')} and Caddyfile serve them\n`,
      )
      return exitCodes.ok
    } catch (error) {
      stderr.write(`${problemOf(error as NodeJS.ErrnoException, root)}\n`)
      return exitCodes.failure
    }
  })
}

/** Why the export ends here: it may not begin, or a file cannot be written; what was written is whole. */
function problemOf(error: NodeJS.ErrnoException, root: string): string {
  if (error instanceof CannotExport) return error.message
  /* c8 ignore next -- a bug, which is to be seen with its stack */
  if (error.syscall === undefined) throw error
  /* c8 ignore next -- only a full disk names no path */
  const path = error.path ?? root
  return `${path} cannot be written: ${readFailure(error)}`
}

/** What files cannot say, or not for ever. */
function notExported(resolver: Resolver): string[] {
  const { config, backends } = resolver
  const moves = [...resolver.clientConfigs()].flatMap(({ changesAt }) => changesAt ?? [])
  const next = Math.min(...moves.filter((at) => at > resolver.now()))
  return [
    ...(Number.isFinite(next)
      ? [`a domain moves at ${new Date(next).toISOString()}: export again then`]
      : []),
    ...(backends ? ['sources are not exported: domains that they alone know are not here'] : []),
    ...(config.accounts ? ['logins are not exported: files are the same for everybody'] : []),
  ]
}
