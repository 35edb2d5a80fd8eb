#!/usr/bin/env node
import { quietSignals } from './cli/quiet-signals.ts'

// Before everything else is loaded: a signal may come at any time.
quietSignals(process, process.argv)
const [{ ignoreClosedPipe, systemClock, systemInput }, { main }, { exit }, { endAnyway }] = await Promise.all(
  [import('./cli/io.ts'), import('./cli/main.ts'), import('./cli/exit.ts'), import('./cli/end-anyway.ts')],
)

for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe)

const exitCode = await main(process.argv.slice(2), {
  env: process.env,
  now: systemClock,
  stdin: systemInput,
  stdout: process.stdout,
  stderr: process.stderr,
  signals: process,
  exit,
})
process.exitCode = exitCode
endAnyway(process, exit.bind(undefined, exitCode))
