import { blockWith } from './hosting.ts'

export const block = blockWith('\t')

/** The first group of a regular expression. */
export const captured = `"$\{1}"`

/** Placeholders; `names` are separated by spaces. */
export const map = (source: string, names: string, fallback: string, ...lines: string[]): string[] =>
  block(`map ${source} ${names}`, lines, `default ${fallback}`)

/** Sends the file of the path. */
export function fileServer(precompressed: boolean, ...options: string[]): string[] {
  const lines = [...options, ...(precompressed ? ['precompressed gzip'] : [])]
  return lines.length === 0 ? ['file_server'] : block('file_server', ...lines)
}
