import { closest, distance } from 'fastest-levenshtein'

/** `; did you mean "…"?` with the most similar name, or an empty string if no name is similar. */
export function suggestion(wrong: string, names: Iterable<string>): string {
  const name = nearest(wrong, names)
  return name === undefined ? '' : `; did you mean "${name}"?`
}

/** The most similar name, if at most a third of it differs. */
export function nearest(wrong: string, names: Iterable<string>): string | undefined {
  const list = [...names]
  if (list.length === 0) return undefined
  const name = closest(wrong.toLowerCase(), list)
  return distance(wrong.toLowerCase(), name.toLowerCase()) <= Math.max(1, Math.floor(name.length / 3))
    ? name
    : undefined
}
