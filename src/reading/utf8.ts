import { isUtf8 } from 'node:buffer'
import type { Report } from './report.ts'

/** Decodes a file, and reports the place of the first byte that is not UTF-8. */
export function decodeUtf8(file: string, bytes: Uint8Array, report: Report): string {
  const text = new TextDecoder().decode(bytes)
  if (!isUtf8(bytes)) {
    // The decoder replaces what it cannot decode by U+FFFD.
    const before = text.slice(0, text.indexOf('\ufffd'))
    const line = before.split('\n').length
    const column = before.length - before.lastIndexOf('\n')
    report.errorIn(file, line, 'is not UTF-8; save the file as UTF-8', column)
  }
  return text
}
