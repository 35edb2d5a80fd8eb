import { join, resolve } from 'node:path'
import { readFailure } from '../reading/read-failure.ts'
import type { Directory } from '../resolver/resolver.ts'
import { ispdbNotFoundMaxAge } from '../http/answer.ts'
import { caddyConfiguration } from './export/caddy.ts'
import type { Hosting } from './export/hosting.ts'
import { nginxConfiguration } from './export/nginx.ts'
import { writeSite } from './export/site.ts'
import { CannotExport, Tree } from './export/tree.ts'
import { withDirectory } from './with-resolver.ts'
import { type ExitCode, exitCodes, type Surroundings } from './io.ts'

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
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { stdout, stderr } = surroundings
  return withDirectory(file, surroundings, async (directory) => {
    const root = resolve(folder)
    const { maxAge, notFoundMaxAge, compress } = directory.config.http
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
      const site = writeSite(directory, tree, { eachDomain })
      tree.file('nginx.conf', Buffer.from(nginxConfiguration(site, hosting)))
      tree.file('Caddyfile', Buffer.from(caddyConfiguration(site, hosting)))
      const { written, unchanged, stale } = tree.finish(prune)
      for (const line of notExported(directory)) stderr.write(`${line}\n`)
      const left = stale === 0 ? '' : `, ${stale} stale ${prune ? 'removed' : 'left (--prune removes them)'}`
      stdout.write(
        `${written} written, ${unchanged} unchanged${left}: ${join(root, 'nginx.conf')} and Caddyfile serve them\n`,
      )
      return exitCodes.fine
    } catch (error) {
      stderr.write(`${problemOf(error as NodeJS.ErrnoException, root)}\n`)
      return exitCodes.faults
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
function notExported(directory: Directory): string[] {
  const { config, remote } = directory
  const moves = [...directory.providers()].flatMap(({ changesAt }) => changesAt ?? [])
  const next = Math.min(...moves.filter((at) => at > directory.now()))
  return [
    ...(Number.isFinite(next)
      ? [`a domain moves at ${new Date(next).toISOString()}: export again then`]
      : []),
    ...(remote ? ['sources are not exported: domains that they alone know are not here'] : []),
    ...(config.accounts ? ['logins are not exported: files are the same for everybody'] : []),
  ]
}
