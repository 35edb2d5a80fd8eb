/** A number for people, alone or with a noun: `1,234`, `1 domain`, `1,234 domains`. */
export function count(number: number, noun?: string): string {
  const digits = number.toLocaleString('en-US')
  return noun === undefined ? digits : `${digits} ${noun}${number === 1 ? '' : 's'}`
}
