import { CommanderError } from 'commander'
import { ConfigError, formatDiagnostic, totalOf } from '../model/diagnostic.ts'
import { printable } from '../model/one-line.ts'
import { commandLine } from './command-line.ts'
import { count } from './count.ts'
import { type ExitCode, exitCodes, type Io, type Output } from './io.ts'

/** Runs a command line: arguments -> exit code. */
export async function main(args: readonly string[], given: Io): Promise<ExitCode> {
  const io = { ...given, stderr: printableOnly(given.stderr) }
  let exitCode: ExitCode = exitCodes.ok
  const program = commandLine(io, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    if (!(error instanceof ConfigError)) throw error
    const { errors } = error
    for (const each of errors) io.stderr.write(`${formatDiagnostic(each)}\n`)
    io.stderr.write(
      errors.length === 1 ? 'Fix this error first.\n' : `Fix these ${count(totalOf(errors))} errors first.\n`,
    )
    return exitCodes.failure
  }
}

/** Messages repeat names of files, and of what was typed. */
const printableOnly = (output: Output): Output => ({
  write: (text) => output.write(String(text).replace(/[^\n]+/g, printable)),
})
