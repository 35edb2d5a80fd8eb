import t, { type Test } from 'tap'
import { findings } from '../support/example.ts'
import { commandLinePage, commandLineParts } from './reference-pages/command-line.ts'
import {
  configurationExample,
  configurationPage,
  configurationParts,
} from './reference-pages/configuration.ts'
import { httpPage, httpParts } from './reference-pages/http.ts'
import { anchorOf, comparePage, plain, table } from './reference-pages/markdown.ts'

/** The pages of docs/ that are made from the code. `UPDATE_DOCS=1` writes them again. */

function check(t: Test, file: string, parts: readonly string[]): void {
  const anchors = [...parts.join('\n').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))
  t.strictSame([...new Set(anchors)], anchors, 'each heading can be linked')
  comparePage(t, file, parts)
}

t.test('docs/configuration.md has every key of the schema', async (t) => {
  check(t, configurationPage, configurationParts())
  t.strictSame(await findings(t, configurationExample), { errors: [], warnings: [] })
})

t.test('every key of the schema has a description', async (t) => {
  const undescribed = configurationParts()
    .join('\n')
    .split('\n')
    .filter((line) => /^\| `.*\| +\|$/.test(line))
  t.strictSame(undescribed, [])
})

t.test('docs/command-line.md has every command and option', async (t) => {
  check(t, commandLinePage, commandLineParts())
})

t.test('docs/http.md has every path', async (t) => {
  check(t, httpPage, await httpParts(t))
})

t.test('text of the code is neither markup nor the end of a cell', async (t) => {
  t.equal(plain('*.a.example, <b>, a_b, _c_ `*` $1'), '\\*.a.example, \\<b\\>, a_b, \\_c\\_ `*` \\$1')
  t.equal(plain('more (docs/sql.md).'), 'more ([docs/sql.md](sql.md)).')
  t.equal(table(['a'], [['b |\n c']]), '| a |\n| --- |\n| b \\| c |')
})
