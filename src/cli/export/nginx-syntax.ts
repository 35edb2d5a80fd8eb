import { blockWith } from './hosting.ts'
import { domainPlaceholder } from './site.ts'

export const block = blockWith('    ')

/** A variable `$autoconfig_<name>`. */
export const map = (source: string, name: string, fallback: string, ...lines: string[]): string[] =>
  block(`map ${source} $autoconfig_${name}`, `default ${fallback};`, lines)

/** nginx would add the type of the file's extension. */
export const contentType = (mediaType: string): string[] => ['types { }', `default_type "${mediaType}";`]

/** In documents that are templates. */
export const fillDomain: readonly string[] = [
  `sub_filter '${domainPlaceholder}' $autoconfig_domain;`,
  'sub_filter_types *;',
  'sub_filter_once off;',
]
