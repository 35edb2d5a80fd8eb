import type { Client } from '../client.ts'
import { geary as reader } from '../readers/geary.ts'
import { autoconfigRules, inTurn, type Rules } from '../search.ts'
import { ispdb, sub } from '../urls.ts'

/** It does not look at the status, so a page for an error is parsed as well. */
const rules: Rules = autoconfigRules(reader, {
  seconds: 20,
  redirects: 'all',
  accepts: 'any',
  ends: 'never',
})

export const geary: Client = {
  id: 'geary',
  name: 'Geary',
  version: '43.0',
  date: '2026-11-25',
  known: 'run',

  rehearse: (walk) => inTurn(walk, [sub('https', walk.asked.domain), ispdb(walk.asked.domain)], rules),
}
