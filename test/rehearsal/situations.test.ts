import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { accountOf, asksOf, rehearsalOf } from './rehearsing.ts'
import { situations } from './situations.ts'

/**
 * In these situations, six real clients were run and watched: they asked for the same, and ended with the same accounts. Delta Chat with
 * a bad certificate is not compared. `UPDATE_GOLDEN=1` rewrites the files; compare a change with the real client first.
 */
const ids = ['thunderbird', 'evolution', 'geary', 'kmail', 'horde', 'delta-chat']

for (const [name, { address, agrees = false, world }] of Object.entries(situations)) {
  t.test(`clients in the situation "${name}"`, async (t) => {
    const file = new URL(`expected/${name.replace(/\W+/g, '-').toLowerCase()}.json`, import.meta.url)
    const seen: Record<string, unknown> = {}
    for (const id of ids) {
      const rehearsal = await rehearsalOf(id, world, { address, agrees })
      seen[id] = { asks: asksOf(rehearsal), account: accountOf(rehearsal) }
    }
    if (process.env['UPDATE_GOLDEN']) writeFileSync(file, `${JSON.stringify(seen, null, 2)}\n`)
    t.strictSame(seen, JSON.parse(readFileSync(file, 'utf8')))
  })
}
