import { isDeepStrictEqual } from 'node:util'
import { withoutPlaces } from '../../backends/backends.ts'
import type { IspdbMirror } from '../../ispdb/mirror.ts'
import type { Domain } from '../../model/address.ts'
import type { IspdbDocument } from '../../model/settings.ts'
import type { Resolver } from '../../resolver/resolver.ts'
import { count } from '../count.ts'

/** Notes about differences that may change answers but are not compared domain by domain. */
export function notesOn(old: Resolver, next: Resolver): string[] {
  const [before, after] = [old.config, next.config]
  const [defaultHost, nextDefaultHost] = [before, after].map(
    (config) => config.defaultHost?.host.key ?? 'none',
  )
  return [
    ...(defaultHost === nextDefaultHost
      ? []
      : [`provider.defaultHost: ${defaultHost} -> ${nextDefaultHost}`]),
    ...(isDeepStrictEqual(withoutPlaces(before.backends), withoutPlaces(after.backends))
      ? []
      : ['sources: changed']),
    ...(before.backends.length + after.backends.length > 0
      ? [
          'sources: not queried; domains known only to a source change with their host, and a source may still know domains listed as gone',
        ]
      : []),
    ...(isDeepStrictEqual(accountsOf(before), accountsOf(after))
      ? []
      : ['accounts: changed; usernames are not compared']),
    ...ispdbNotes(old.ispdb, next.ispdb),
  ]
}

/** The accounts without their places in the files. */
function accountsOf({ accounts }: Resolver['config']): object {
  const { places: _, ...others } = accounts ?? {}
  return others
}

/** ISPDB documents are counted, not compared: they contain elements that our model does not have. */
function ispdbNotes(old: IspdbMirror | undefined, next: IspdbMirror | undefined): string[] {
  const before = new Map(documentsIn(old))
  const after = new Map(documentsIn(next))
  const removed = [...before.keys()].filter((domain) => !after.has(domain)).length
  const added = [...after.keys()].filter((domain) => !before.has(domain)).length
  const changed = [...after].filter(([domain, { body, serve }]) => {
    const document = before.get(domain)
    return document && (document.serve !== serve || !Buffer.from(document.body).equals(body))
  }).length
  return removed + added + changed === 0
    ? []
    : [
        `ispdb: documents of ${count(changed, 'domain')} changed, ${count(added)} added, ${count(removed)} removed`,
      ]
}

function* documentsIn(mirror: IspdbMirror | undefined): Generator<[Domain, IspdbDocument]> {
  for (const domain of mirror?.domains ?? []) yield [domain, mirror?.find(domain, 'ispdb') as IspdbDocument]
}
