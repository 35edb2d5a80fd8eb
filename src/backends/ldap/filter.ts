import { failure, type Result, success } from '../../model/result.ts'

/** LDAP search filters (RFC 4515) with placeholders for the value to look up. */

/** `%s` is the whole domain or address, `%u` the local part, `%d` the domain. */
export type FilterPlaceholder = 's' | 'u' | 'd'
export type FilterValues = Readonly<Record<FilterPlaceholder, string>>

/**
 * Reads a filter in which the `allowed` placeholders may occur, and one of the `required` ones must. Blanks between the
 * parts of the filter are removed: YAML inserts them when it folds lines.
 */
export function readFilter(
  text: string,
  allowed: readonly FilterPlaceholder[],
  required: readonly FilterPlaceholder[],
): Result<string> {
  const filter = text.trim().replace(/\s+(?=\()|(?<=\))\s+/g, '')
  const spelled = (placeholder: string) => `%${placeholder}`
  const used = [...filter.matchAll(/%(%|.?)/gu)].map(([, letter = '']) => letter)
  const unknown = used.find((letter) => letter !== '%' && !(allowed as readonly string[]).includes(letter))
  if (unknown !== undefined) {
    const known = allowed.map(spelled).join(', ')
    return failure(
      `contains the unknown placeholder "${spelled(unknown)}"; use ${known}, or %% for a percent sign`,
    )
  }
  if (!(required as readonly string[]).some((placeholder) => used.includes(placeholder))) {
    return failure(
      `must contain ${required.map(spelled).join(' or ')}, the placeholder for the value to look up`,
    )
  }
  if (endOfFilter(filter, 0) === filter.length) return success(filter)
  return failure('must be an LDAP filter (RFC 4515), such as (&(objectClass=mailDomain)(cn=%s))')
}

/**
 * `attribute=value` with `=`, `~=`, `>=`, `<=` or `:rule:=` (RFC 4515, section 3), in parentheses. Letters beyond ASCII must
 * be written as they are: the driver decodes each `\xx` as a character, not as a byte of UTF-8.
 */
const item =
  /\((?:[A-Za-z][A-Za-z\d-]*[~<>]?|(?:[A-Za-z][A-Za-z\d-]*)?(?::[A-Za-z\d.-]+){0,2}:)=(?:[^()\\\0]|\\[0-7][\dA-Fa-f])*\)/y

/** The end of the filter that begins at `start`, or -1 if there is no valid filter. */
function endOfFilter(text: string, start: number): number {
  item.lastIndex = start
  if (item.test(text)) return item.lastIndex
  const operator = text[start] === '(' ? text[start + 1] : undefined
  let at = start + 2
  let parts = 0
  for (; text[at] === '('; parts++) at = endOfFilter(text, at)
  const isValid = operator === '!' ? parts === 1 : parts > 0 && (operator === '&' || operator === '|')
  return isValid && text[at] === ')' ? at + 1 : -1
}

/** The filter with its placeholders replaced by escaped values. */
export const fillFilter = (filter: string, values: FilterValues): string =>
  filter.replace(/%([sud%])/g, (_, letter: FilterPlaceholder | '%') =>
    letter === '%' ? '%' : escapeValue(values[letter]),
  )

/** The filter with its placeholders replaced by `*`: it matches every value. */
export const anyValueFilter = (filter: string): string =>
  filter.replace(/%([sud%])/g, (_, letter) => (letter === '%' ? '%' : '*'))

/** RFC 4515, section 3: five characters have a meaning in a filter; all others are written in UTF-8. */
export const escapeValue = (value: string): string =>
  value.replace(/[*()\\\0]/g, (letter) => `\\${letter.charCodeAt(0).toString(16).padStart(2, '0')}`)
