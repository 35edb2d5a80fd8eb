const hyphen = 0x2d
const dot = 0x2e

/**
 * Is it a domain in the one spelling we compare by? Never yes to what `parseDomain` would refuse or change; no to
 * some that it takes (whatever holds `--`, as A-labels do). It spares nearly every line of a large map the way
 * through strings, which takes ten times as long.
 */
export function isPlainDomain(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 253) return false
  let label = start
  let isNumber = true
  for (let i = start; i < end; i++) {
    const code = bytes[i] as number
    if (code === dot) {
      if (!isLabel(bytes, label, i)) return false
      label = i + 1
      isNumber = true
    } else if (code >= 0x61 && code <= 0x7a) isNumber = false
    else if (code === hyphen) {
      if (bytes[i + 1] === hyphen) return false
      isNumber = false
    } else if (code < 0x30 || code > 0x39) return false
  }
  return isLabel(bytes, label, end) && !isNumber
}

const isLabel = (bytes: Uint8Array, start: number, end: number): boolean =>
  end > start && end - start <= 63 && bytes[start] !== hyphen && bytes[end - 1] !== hyphen
