import { existsSync } from 'node:fs'
import { mkdir, open, rename, rmdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { failure, type Result, success } from '../../model/result.ts'
import { readFailure } from '../../reading/read-failure.ts'
import { check } from '../check.ts'
import { exitCodes, type Io } from '../io.ts'

export interface NewFiles {
  readonly output: string
  /** Keep an existing file as `<output>.old`. */
  readonly overwrite: boolean
  /** A directory to create for it. */
  readonly directory: string | undefined
  readonly text: string
  /** Files next to it, with a password each. */
  readonly passwords: readonly { readonly file: string; readonly value: string }[]
}

/** The names of the files. */
export interface WrittenFiles {
  readonly files: readonly string[]
  /** The file before, if it was replaced. */
  readonly old: string | undefined
}

/** Everybody may read a configuration, which contains no secret; a password is only for the owner. */
const modes = { configuration: 0o644, password: 0o600 } as const

/**
 * Writes the files, and runs `check`. If it finds errors, the files are removed again, and the one that was
 * replaced is put back.
 */
export async function writeConfiguration(
  { output, overwrite, directory, text, passwords }: NewFiles,
  io: Io,
): Promise<Result<WrittenFiles>> {
  const made: string[] = []
  const isMade = { directory: false }
  let old: string | undefined
  const undo = async (): Promise<void> => {
    for (const file of made) await unlink(file)
    if (old !== undefined) await rename(old, output)
    if (directory !== undefined && isMade.directory) await rmdir(directory)
  }
  const write = async (file: string, content: string, mode: number): Promise<void> => {
    const handle = await open(file, 'wx', mode)
    made.push(file)
    try {
      await handle.writeFile(content)
    } finally {
      await handle.close()
    }
  }
  let writing = directory ?? output
  try {
    if (directory !== undefined) {
      await mkdir(directory)
      isMade.directory = true
    }
    for (const { file, value } of distinct(passwords)) {
      writing = join(dirname(output), file)
      await write(writing, `${value}\n`, modes.password)
    }
    writing = output
    if (overwrite && existsSync(output)) {
      await rename(output, `${output}.old`)
      old = `${output}.old`
    }
    await write(output, text, modes.configuration)
  } catch (error) {
    await undo()
    return failure(whyNotWritten(writing, error as NodeJS.ErrnoException))
  }
  if ((await check({ config: output }, io)) === exitCodes.ok) return success({ files: made, old })
  await undo()
  const putBack = old === undefined ? '' : ', and the file before was put back'
  return failure(
    `${output} was removed again, because check does not accept it${putBack}. Fix these errors and repeat init, or name the domains with --domain`,
  )
}

/** Two lookup tables may have the same file of a password only if they have the same name. */
const distinct = (passwords: NewFiles['passwords']) => [
  ...new Map(passwords.map((password) => [password.file, password])).values(),
]

function whyNotWritten(file: string, error: NodeJS.ErrnoException): string {
  return error.code === 'EEXIST'
    ? `${file}: exists already, and is not overwritten; remove it, or write elsewhere with --output FILE`
    : `${file}: cannot be written: ${readFailure(error)}; write elsewhere with --output FILE`
}
