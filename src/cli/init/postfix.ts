import { type Domain, parseDomain } from '../../model/address.ts'
import { programOutput } from './program-output.ts'

/** The parameters of postconf(5) that say which domains Postfix receives mail for. */
const domainParameters = [
  'virtual_mailbox_domains',
  'virtual_alias_domains',
  'relay_domains',
  'transport_maps',
  'mydestination',
] as const
type DomainParameter = (typeof domainParameters)[number]

/** An item of a list in main.cf, and the parameter that has it. */
export interface PostfixItem {
  readonly parameter: DomainParameter
  readonly item: string
}

export interface Postfix {
  readonly hostname: Domain | undefined
  /** The items of all parameters, such as `example.org` and `hash:/etc/postfix/virtual`. */
  readonly items: readonly PostfixItem[]
}

/**
 * The domains of Postfix on this machine; `undefined` if there is no Postfix. `directory` is its configuration
 * directory, by default that of the system.
 */
export async function readPostfix(
  directory: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Postfix | undefined> {
  const where = directory === undefined ? [] : ['-c', directory]
  const names = ['myhostname', 'virtual_alias_maps', ...domainParameters]
  // -x expands $myhostname and the like.
  const output = await programOutput('postconf', [...where, '-x', ...names], env)
  if (output === undefined) return undefined
  const values = new Map(
    output
      .split('\n')
      .map((line) => /^(\w+) = ?(.*)$/.exec(line) ?? [])
      .map(([, name = '', value = '']) => [name, value]),
  )
  const itemsOf = (name: string) => listItems(values.get(name) ?? '')
  const hostname = parseDomain((values.get('myhostname') ?? '').trim())
  // By default, virtual_alias_domains is $virtual_alias_maps. A query for aliases expects an address, not a domain.
  const aliases = new Set(itemsOf('virtual_alias_maps').filter((item) => queryTable.test(item)))
  const isDomains = (item: string) =>
    !aliases.has(item) &&
    !/^localhost\b/i.test(item) &&
    (hostname === undefined || parseDomain(item) !== hostname)
  const items = domainParameters.flatMap((parameter) =>
    itemsOf(parameter)
      .filter(isDomains)
      .map((item) => ({ parameter, item })),
  )
  return { hostname, items }
}

const queryTable = /^(?:proxy:)?(?:mysql|pgsql|sqlite|ldap):/

/**
 * The items of a list in main.cf, which have commas or blanks between them (postconf(5)). Braces keep an item together, as in
 * `inline:{example.org=OK, example.net=OK}`.
 */
export function listItems(value: string): string[] {
  const items = ['']
  let depth = 0
  for (const character of value) {
    if (character === '{') depth++
    if (character === '}') depth--
    if (depth <= 0 && /[\s,]/.test(character)) items.push('')
    else items.push(`${items.pop()}${character}`)
  }
  return items.filter((item) => item !== '')
}
