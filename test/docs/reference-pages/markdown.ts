import { readFileSync, writeFileSync } from 'node:fs'
import type { Test } from 'tap'

/** What the pages that are made from the code have in common. */

/** A table. A line break or a pipe in a cell would end the row or the cell. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

const cell = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().replaceAll('|', '\\|')

/** Text of the code as Markdown. Backquotes are markup, a document of ours is a link, and no other character is markup. */
export const plain = (text: string): string =>
  text
    .split(/(`[^`]+`|docs\/[\w-]+\.md)/)
    .map((part) => {
      if (part.startsWith('`')) return part
      return part.startsWith('docs/')
        ? `[${part}](${part.slice(5)})`
        : part.replace(/[\\*<>[\]$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&')
    })
    .join('')

export const code = (text: string): string => `\`${text}\``

/** `a`, `b` */
export const codes = (texts: readonly string[]): string => texts.map(code).join(', ')

export const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`

/** A heading of code, which needs no escapes. */
export const heading = (level: number, text: string): string => `${'#'.repeat(level)} ${code(text)}`

/** The anchor that GitHub gives a heading. */
export const anchorOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-')

export const linkTo = (text: string): string => `[${code(text)}](#${anchorOf(text)})`

/** The first line of each page. */
export const origin = (
  sources: string,
): string => `<!-- A test makes this page from ${sources}. To write it again:
UPDATE_DOCS=1 npx tap --disable-coverage test/docs/reference-pages.test.ts -->`

/** The page is what the code gives. `UPDATE_DOCS=1` writes it. */
export function comparePage(t: Test, file: string, parts: readonly string[]): void {
  const text = `${parts.join('\n\n')}\n`
  if (process.env['UPDATE_DOCS']) writeFileSync(file, text)
  const written = readFileSync(file, 'utf8').split('\n')
  const made = text.split('\n')
  const at = made.findIndex((line, index) => line !== written[index])
  t.equal(written[at], made[at], `${file}:${at + 1} is out of date`)
  t.equal(written.length, made.length, `${file} has as many lines as the code gives`)
}
