import t from 'tap'
import { deadline } from '../src/checks/deadline.ts'

t.test('a deadline passes, or comes with another signal', async (t) => {
  const passed = deadline(1)
  await new Promise((resolve) => passed.addEventListener('abort', resolve))
  t.ok(passed.aborted)
  const other = new AbortController()
  const both = deadline(60_000, other.signal)
  t.notOk(both.aborted)
  other.abort()
  t.ok(both.aborted)
  t.ok(deadline(60_000, other.signal).aborted)
})
