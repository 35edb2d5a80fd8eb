/** A number for people, alone or with what it counts: `1,234`, `1 domain`, `1,234 domains`. */
export function count(number: number, what?: string): string {
  const digits = number.toLocaleString('en-US')
  return what === undefined ? digits : `${digits} ${what}${number === 1 ? '' : 's'}`
}
