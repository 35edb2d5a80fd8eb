import t from 'tap'
import { deadline } from '../../src/checks/deadline.ts'
import { until } from '../support/until.ts'

t.test('a deadline passes, or comes with another signal', async (t) => {
  const passed = deadline(1)
  // The deadline itself keeps no process alive.
  t.ok(await until(() => passed.aborted, 'the end of a millisecond'))
  const other = new AbortController()
  const both = deadline(60_000, other.signal)
  t.notOk(both.aborted)
  other.abort()
  t.ok(both.aborted)
  t.ok(deadline(60_000, other.signal).aborted)
})
