/** Search filters of LDAP (RFC 4515), with a place in them for what is asked. */

/** What stands in a filter for what is asked: `%s` all of it, `%u` and `%d` the local part and the domain. */
export type Placeholder = 's' | 'u' | 'd'
export type Asked = Readonly<Record<Placeholder, string>>

/**
 * `attribute=value` with `=`, `~=`, `>=`, `<=` or `:rule:=` (RFC 4515, section 3), in parentheses. Letters beyond ASCII
 * stand for themselves: the driver takes each `\xx` for a letter of its own, not for a byte of one.
 */
const item =
  /\((?:[A-Za-z][A-Za-z\d-]*[~<>]?|(?:[A-Za-z][A-Za-z\d-]*)?(?::[A-Za-z\d.-]+){0,2}:)=(?:[^()\\\0]|\\[0-7][\dA-Fa-f])*\)/y

/** What is wrong with a filter, if something is; `some` are the placeholders of which it must have one. */
export function filterError(
  filter: string,
  known: readonly Placeholder[],
  some: readonly Placeholder[],
): string | undefined {
  const name = (placeholder: string) => `%${placeholder}`
  const used = [...filter.matchAll(/%(%|.?)/gu)].map(([, letter = '']) => letter)
  const unknown = used.find((letter) => letter !== '%' && !(known as readonly string[]).includes(letter))
  if (unknown !== undefined) {
    return `knows ${known.map(name).join(', ')}, and %% for a percent sign, but not "${name(unknown)}"`
  }
  if (!(some as readonly string[]).some((placeholder) => used.includes(placeholder))) {
    return `must hold ${some.map(name).join(' or ')}, the place of what is asked`
  }
  if (endOfFilter(filter, 0) === filter.length) return undefined
  return 'must be a filter as RFC 4515 has it, such as (&(objectClass=mailDomain)(cn=%s))'
}

/** Where the filter ends that begins at a place; -1 if none does. */
function endOfFilter(text: string, start: number): number {
  item.lastIndex = start
  if (item.test(text)) return item.lastIndex
  const operator = text[start] === '(' ? text[start + 1] : undefined
  let at = start + 2
  let parts = 0
  for (; text[at] === '('; parts++) at = endOfFilter(text, at)
  const isRight = operator === '!' ? parts === 1 : parts > 0 && (operator === '&' || operator === '|')
  return isRight && text[at] === ')' ? at + 1 : -1
}

/** Takes away the blanks between the parts of a filter, which YAML puts there when it folds lines. */
export const withoutBlanks = (filter: string): string => filter.trim().replace(/\s+(?=\()|(?<=\))\s+/g, '')

/** The filter that asks for something. */
export const fillFilter = (filter: string, asked: Asked): string =>
  filter.replace(/%([sud%])/g, (_, letter: Placeholder | '%') =>
    letter === '%' ? '%' : escapeValue(asked[letter]),
  )

/** The filter that asks for all that it may be asked for. */
export const openFilter = (filter: string): string =>
  filter.replace(/%([sud%])/g, (_, letter) => (letter === '%' ? '%' : '*'))

/** RFC 4515, section 3: the five that mean something in a filter; all else stands there in UTF-8. */
export const escapeValue = (value: string): string =>
  value.replace(/[*()\\\0]/g, (letter) => `\\${letter.charCodeAt(0).toString(16).padStart(2, '0')}`)
