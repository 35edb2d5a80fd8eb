#!/usr/bin/env node
import { ignoreClosedPipe } from './cli/io.ts'
import { main } from './cli/main.ts'

for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe)

process.exitCode = await main(process.argv.slice(2), {
  env: process.env,
  now: () => new Date(),
  stdout: process.stdout,
  stderr: process.stderr,
  signals: process,
})
