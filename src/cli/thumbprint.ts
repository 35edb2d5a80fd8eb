import { readFileSync } from 'node:fs'
import { thumbprintOf } from '../acme/thumbprint.ts'
import { readFailure } from '../reading/read-failure.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'

/** Prints the thumbprint of an ACME account key. Exit code 1 if the file contains none. */
export function thumbprint(file: string, { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>): ExitCode {
  try {
    const found = thumbprintOf(readFileSync(file, 'utf8'))
    if (found !== undefined) {
      stdout.write(`${found}\n`)
      return exitCodes.ok
    }
    stderr.write(
      `${file} contains no account key; write a PEM file with an RSA or EC key, or the JSON of certbot\n`,
    )
  } catch (error) {
    stderr.write(`${file} cannot be read: ${readFailure(error as NodeJS.ErrnoException)}\n`)
  }
  return exitCodes.failure
}
