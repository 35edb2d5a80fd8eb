import { join, resolve } from 'node:path'
import { ispdbNotFoundMaxAge } from '../http/shared-responses.ts'
import { failure, type Result, success } from '../model/result.ts'
import { Pages } from '../page/pages.ts'
import { readFailure } from '../reading/read-failure.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { caddyConfiguration } from './export/caddy.ts'
import type { Hosting } from './export/hosting.ts'
import { nginxConfiguration } from './export/nginx.ts'
import { writeSite } from './export/site.ts'
import { Tree, type TreeCounts } from './export/tree.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface ExportOptions {
  readonly config: string
  readonly precompress?: boolean
  readonly eachDomain?: boolean
  readonly prune?: boolean
}

/** Writes every answer that is the same for everyone as a file, and a configuration of nginx and of Caddy to serve them. */
export function exportTree(directory: string, options: ExportOptions, io: Io): Promise<ExitCode> {
  const { stdout, stderr } = io
  return withResolver(options.config, io, async (resolver) => {
    const root = resolve(directory)
    const pages = new Pages({ onProblem: (problem) => stderr.write(`${problem}\n`) })
    const exported = writeTree(resolver, root, pages, options)
    if (!exported.ok) {
      stderr.write(`${exported.error}\n`)
      return exitCodes.failure
    }
    const { written, unchanged, stale } = exported.value
    for (const line of notExported(resolver)) stderr.write(`${line}\n`)
    const removed = options.prune ? 'removed' : 'kept (remove them with --prune)'
    stdout.write(
      `${written} written, ${unchanged} unchanged${stale === 0 ? '' : `, ${stale} stale ${removed}`}; serve them with ${join(root, 'nginx.conf')} or Caddyfile\n`,
    )
    return exitCodes.ok
  })
}

function writeTree(
  resolver: Resolver,
  root: string,
  pages: Pages,
  { precompress = false, eachDomain = false, prune = false }: ExportOptions,
): Result<TreeCounts> {
  const { maxAge, notFoundMaxAge, compress } = resolver.config.http
  const hosting: Hosting = {
    directory: root,
    port: 80,
    maxAge,
    notFoundMaxAge,
    ispdbNotFoundMaxAge,
    compress,
    precompressed: precompress,
  }
  try {
    const tree = Tree.open(root, precompress)
    if (!tree.ok) return tree
    const site = writeSite(resolver, tree.value, { eachDomain, pages })
    if (!site.ok) return site
    tree.value.file('nginx.conf', Buffer.from(nginxConfiguration(site.value, hosting)))
    tree.value.file('Caddyfile', Buffer.from(caddyConfiguration(site.value, hosting)))
    return success(tree.value.finish(prune))
  } catch (error) {
    return failure(writeFailure(error as NodeJS.ErrnoException, root))
  }
}

/** The reason why a file cannot be written. All files that were written before are complete. */
function writeFailure(error: NodeJS.ErrnoException, root: string): string {
  /* c8 ignore next -- not an error of the file system, so a bug */
  if (error.syscall === undefined) throw error
  /* c8 ignore next -- only a full disk names no path */
  const path = error.path ?? root
  return `${path} cannot be written: ${readFailure(error)}`
}

/** Notes about answers that the files do not contain, and about when the files become outdated. */
function notExported(resolver: Resolver): string[] {
  const { config, backends } = resolver
  const moves = [...resolver.clientConfigs()].flatMap(({ changesAt }) => changesAt ?? [])
  const next = Math.min(...moves.filter((at) => at > resolver.now()))
  return [
    ...(Number.isFinite(next)
      ? [`a domain moves at ${new Date(next).toISOString()}; run export again at that time`]
      : []),
    ...(backends ? ['sources are not exported: domains known only to a source are missing'] : []),
    ...(config.accounts ? ['accounts are not exported: the files are the same for everyone'] : []),
  ]
}
