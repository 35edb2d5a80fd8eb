import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Network } from '../checks/network.ts'
import { failure, type Result, success } from '../model/result.ts'
import { networkOf } from './doctor.ts'
import { askOrTake, type Found, type InitFlags, missingFlags } from './init/answers.ts'
import { configurationText } from './init/configuration.ts'
import { readDovecot } from './init/dovecot.ts'
import { Interview, NoAnswer } from './init/interview.ts'
import { printNext } from './init/next.ts'
import { readPostfix } from './init/postfix.ts'
import { writeConfiguration } from './init/write.ts'
import { type ExitCode, exitCodes, type Input, type Io } from './io.ts'

export interface InitOptions extends InitFlags {
  readonly output: string
  /** Replace the file if it exists. */
  readonly overwrite?: true | undefined
  /** False: ask no server. Otherwise the addresses of hosts in place of their DNS. */
  readonly connect?: Parameters<typeof networkOf>[0]['connect'] | boolean
  readonly resolver?: readonly string[] | undefined
  readonly ca?: string | undefined
  /** In seconds. */
  readonly timeout: number
  readonly postfix?: string | undefined
  readonly dovecot?: string | undefined
}

/**
 * Writes a first configuration: from flags, from what Postfix, Dovecot and the mail servers show, and from answers on a terminal. Nothing
 * is overwritten, unless that is wanted. The exit code is 0 only if `check` accepts the file; otherwise no file remains.
 */
export async function init(options: InitOptions, io: Io): Promise<ExitCode> {
  const { stderr, env } = io
  if (existsSync(options.output) && !options.overwrite)
    return refuse(io, alreadyThere(options.output), exitCodes.failure)
  const network = offlineOrNetwork(options, io)
  if (!network.ok) return refuse(io, network.error, exitCodes.usage)
  const [postfix, dovecot] = await Promise.all([
    readPostfix(options.postfix, env),
    readDovecot(options.dovecot, env),
  ])
  const terminal = options.yes ? undefined : terminalOf(io)
  const missing = terminal ? [] : missingFlags(options, postfix)
  if (missing.length > 0) return refuse(io, missing.join('\n'), exitCodes.usage)
  const interview = terminal && new Interview(terminal, stderr)
  const found = { postfix, dovecot, network: network.value }
  try {
    return await askAndWrite(options, found, interview, io)
  } finally {
    interview?.close()
  }
}

const alreadyThere = (file: string): string =>
  `${file}: exists already, and is not overwritten; write another file with --output FILE, or replace it with --overwrite`

function offlineOrNetwork({ connect, ...options }: InitOptions, io: Io): Result<Network | undefined> {
  if (connect === false) return success(undefined)
  return networkOf({ ...options, connect: typeof connect === 'object' ? connect : undefined }, io)
}

function terminalOf({ stdin }: Io): Input | undefined {
  const input = stdin?.()
  return input?.isTTY ? input : undefined
}

/** The directory that must be created for the file; `undefined` if it exists. */
async function directoryFor(
  { output, yes }: InitOptions,
  interview: Interview | undefined,
): Promise<Result<string | undefined>> {
  const directory = dirname(output)
  if (existsSync(directory)) return success(undefined)
  const mayCreate = yes || (await interview?.confirm(`There is no directory ${directory}. Create it?`))
  return mayCreate
    ? success(directory)
    : failure(`there is no directory ${directory}; create it, or write another file with --output FILE`)
}

async function askAndWrite(
  options: InitOptions,
  found: Found,
  interview: Interview | undefined,
  io: Io,
): Promise<ExitCode> {
  const { output, overwrite } = options
  const print = (line: string) => io.stdout.write(`${line}\n`)
  try {
    const answers = await askOrTake(options, found, interview, print)
    if (!answers.ok) return refuse(io, answers.error, exitCodes.usage)
    const directory = await directoryFor(options, interview)
    if (!directory.ok) return refuse(io, directory.error, exitCodes.failure)
    const { places, publicName } = answers.value
    const passwords = places.flatMap((place) =>
      place.kind === 'table' && place.table.password ? [place.table.password] : [],
    )
    const text = configurationText(answers.value, output)
    print('')
    const written = await writeConfiguration(
      { output, overwrite: overwrite === true, directory: directory.value, text, passwords },
      io,
    )
    if (!written.ok) return refuse(io, written.error, exitCodes.failure)
    const domain = places.map(({ first }) => first).find((first) => first !== undefined)
    await printNext({ output, ...written.value, publicName, domain }, io)
    return exitCodes.ok
  } catch (error) {
    if (error instanceof NoAnswer) return refuse(io, '\nNo answer: nothing was written.', exitCodes.failure)
    throw error
  }
}

function refuse({ stderr }: Io, reason: string, exitCode: ExitCode): ExitCode {
  stderr.write(`${reason}\n`)
  return exitCode
}
