/** The cost of a start, up to the first right answer, in proportion to a Node process that does nothing. */
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { bench } from './bench.ts'
import { build, ours } from './ours.ts'
import { serverCore, spawnNode } from './process.ts'
import { type Candidate, type Server, startServer } from './server.ts'
import { type Spread, spreadOf } from './spread.ts'
import { printResults } from './table.ts'

const rounds = 9

await bench('Start: CPU time until the first right answer', async (folder) => {
  const program = build()
  const started = async (candidate: Candidate): Promise<Server['started']> => {
    const server = await startServer(candidate, folder)
    await server.stop()
    return server.started
  }
  const plain = ours(program, folder, { name: 'no map file', domains: 1, form: 'inline' })
  const million = ours(program, folder, { name: '1,000,000 domains', domains: 1_000_000, form: 'map' })
  const inline = ours(program, folder, { name: '100,000 domains in YAML', domains: 100_000, form: 'inline' })

  const ratios = { plain: [] as number[], million: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    const empty = await emptyNode()
    ratios.plain.push((await started(plain)).cpu / empty)
    ratios.million.push((await started(million)).cpu / empty)
  }
  const large: Server['started'][] = []
  for (let round = 0; round < 3; round++) large.push(await started(inline))
  const seconds = (clock: keyof Server['started']): Spread =>
    spreadOf(large.map((start) => start[clock] / 1000))

  printResults([
    { what: 'CPU, x empty Node, no map file', measured: spreadOf(ratios.plain), must: 5, aim: 4 },
    {
      what: 'CPU, x empty Node, 1,000,000 domains in a map file',
      measured: spreadOf(ratios.million),
      must: 15,
      aim: 9,
    },
    { what: 'seconds of this machine, 100,000 domains in YAML', measured: seconds('wall'), must: 4 },
    { what: 'seconds of its CPU, 100,000 domains in YAML', measured: seconds('cpu') },
  ])
})

/**
 * The CPU milliseconds of a Node process that does nothing. It reports them itself when it exits, because /proc forgets a
 * process when it ends. Like the figure of a server at its first answer, this counts all threads.
 */
async function emptyNode(): Promise<number> {
  const program =
    'process.on("exit", () => { const { user, system } = process.cpuUsage(); console.log(user + system) })'
  const child = spawnNode(serverCore, ['-e', program], ['ignore', 'pipe', 'inherit'])
  if (!child.stdout) throw new Error('no output')
  const [microseconds] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return Number(microseconds) / 1000
}
