import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openLog } from '../src/cli/log.ts'

async function open(t: Test) {
  const file = join(t.testdir(), 'log')
  const fd = openSync(file, 'w')
  t.teardown(() => closeSync(fd))
  const { log, end } = await openLog('info', { fd, write: () => undefined })
  const lines = () => readFileSync(file, 'utf8').split('\n').length - 1
  /** Waits until the file has a number of lines, for five seconds at most. */
  const until = async (count: number) => {
    for (let tries = 0; tries < 250 && lines() < count; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    return lines()
  }
  return { log, end, lines, until }
}

t.test('a line waits for others, but not for long', async (t) => {
  const { log, lines, until } = await open(t)
  log.info('one')
  log.info('two')
  t.equal(lines(), 0)
  t.equal(await until(2), 2)
})

t.test('many lines are written together, without waiting', async (t) => {
  const { log, lines, until } = await open(t)
  for (let i = 0; i < 100; i++) log.info({ text: 'x'.repeat(100) }, 'line')
  t.ok((await until(40)) >= 40)
  t.equal(await until(100), 100)
  t.equal(lines(), 100)
})

t.test('at the end everything is written', async (t) => {
  const { log, end, lines } = await open(t)
  log.info('last')
  await end(10_000)
  t.equal(lines(), 1)
  await end(10_000)
  t.equal(lines(), 1)
})
