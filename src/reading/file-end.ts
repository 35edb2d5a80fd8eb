/**
 * How a text file ends: with the line `# end`, with any other complete line, or in the middle of a line. A file that was cut
 * nearly always ends in the middle of a line.
 */
export type FileEnd = 'mark' | 'line' | 'middle'

/** The last line of a file, by which its author says that the file is complete. */
export const endMark = '# end'

const lineFeed = 0x0a

export function endOf(bytes: Uint8Array): FileEnd {
  const text = Buffer.from(bytes.subarray(-longestMark)).toString('latin1')
  const lines = text.replace(/\r?\n$/, '').split('\n')
  // The first of several lines may have begun earlier.
  const isWhole = lines.length > 1 || text.length === bytes.length
  if (isWhole && lines.at(-1)?.trimEnd() === endMark) return 'mark'
  return bytes.length === 0 || bytes.at(-1) === lineFeed ? 'line' : 'middle'
}

/** The line with its line breaks and some white space, in bytes. */
const longestMark = 32
