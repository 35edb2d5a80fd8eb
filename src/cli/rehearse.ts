import { readFileSync } from 'node:fs'
import { parseEmailAddress } from '../model/address.ts'
import { printable } from '../model/one-line.ts'
import { failure, type Result, success } from '../model/result.ts'
import { readFailure } from '../reading/read-failure.ts'
import type { AccountServer, Client, Rehearsal, Step, Typed } from '../rehearsal/client.ts'
import { clients } from '../rehearsal/clients/index.ts'
import { liveNetwork } from '../rehearsal/live-network.ts'
import { sharedNetwork } from '../rehearsal/network.ts'
import { rehearse as rehearseClient } from '../rehearsal/walk.ts'
import { version } from '../version.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'

export interface RehearseOptions {
  readonly allClients?: true | undefined
  readonly agree?: true | undefined
  /** In seconds. */
  readonly timeout: number
  readonly resolver?: string | undefined
  /** A PEM file. */
  readonly ca?: string | undefined
  readonly json?: true
}

/** Requests at the same time. */
const concurrency = 8

/**
 * Asks the network as mail clients do, and prints each step and the account that they would set up. Exit code 1 if a client that
 * asks finds none.
 */
export async function rehearse(
  words: readonly string[],
  options: RehearseOptions,
  { stdout, stderr }: Io,
): Promise<ExitCode> {
  const asked = readWords(words, options)
  if (!asked.ok) {
    stderr.write(`${asked.error}\n`)
    return exitCodes.usage
  }
  const authority = readAuthority(options.ca)
  if (!authority.ok) {
    stderr.write(`${authority.error}\n`)
    return exitCodes.failure
  }
  const { chosen, typed } = asked.value
  const signal = AbortSignal.timeout(1000 * options.timeout)
  const network = liveNetwork({
    signal,
    resolver: options.resolver,
    authority: authority.value,
    userAgent: `mail-autoconfig/${version}`,
  })
  const shared = sharedNetwork(network, concurrency)
  const running = chosen.map((client) => rehearseClient(client, typed, shared, signal))

  const rehearsals: Rehearsal[] = []
  for (const [index, client] of chosen.entries()) {
    const rehearsal = (await running[index]) as Rehearsal
    rehearsals.push(rehearsal)
    if (!options.json) stdout.write(`${index === 0 ? '' : '\n'}${textOf(client, rehearsal)}`)
  }
  if (options.json)
    stdout.write(`${JSON.stringify(options.allClients ? rehearsals : rehearsals[0], null, 2)}\n`)
  const isFound = chosen.every(({ asksNobody }, index) => asksNobody || rehearsals[index]?.account)
  return isFound ? exitCodes.ok : exitCodes.failure
}

function readAuthority(file: string | undefined): Result<string | undefined> {
  try {
    return success(file === undefined ? undefined : readFileSync(file, 'utf8'))
  } catch (error) {
    return failure(`${file} cannot be read: ${readFailure(error as NodeJS.ErrnoException)}`)
  }
}

interface Asked {
  readonly chosen: readonly Client[]
  readonly typed: Typed
}

function readWords(words: readonly string[], { allClients, agree }: RehearseOptions): Result<Asked> {
  const [first = '', second] = words
  if (words.length !== (allClients ? 1 : 2))
    return failure(
      allClients
        ? 'write one address after --all-clients'
        : `write a client and an address, such as "thunderbird jane@example.org"\n${listOfClients()}`,
    )
  const chosen = allClients ? clients : clients.filter(({ id }) => id === first)
  if (chosen.length === 0) return failure(`the client is unknown\n${listOfClients()}`)
  const address = second ?? first
  if (!parseEmailAddress(address))
    return failure('the argument is not an address; write one such as jane@example.org')
  const domain = address
    .slice(address.lastIndexOf('@') + 1)
    .toLowerCase()
    .replace(/\.$/, '')
  return success({ chosen, typed: { address, domain, agrees: agree === true } })
}

const listOfClients = (): string => `Clients: ${clients.map(({ id }) => id).join(', ')}`

const evidence = { run: 'run', read: 'source read', documented: 'documentation read' } as const

function textOf(client: Client, { steps, account }: Rehearsal): string {
  const title = `${client.name} ${client.version} (${evidence[client.known]} on ${client.date})`
  const servers = [account?.incoming, account?.outgoing].filter((server) => server != null)
  const end = account ? servers.map((server) => `  account: ${serverText(server)}`) : ['  no account']
  return [title, ...steps.flatMap(stepLines), ...end, ''].map(printable).join('\n')
}

function stepLines({ what, status, outcome, why }: Step): readonly string[] {
  const seen = Array.isArray(status) ? status.join(', ') : (status ?? '')
  return [`  ${outcome}: ${what}${seen === '' ? '' : ` -> ${seen}`}`, `    ${why}`]
}

function serverText({ type, host, port, socketType, username, authentication }: AccountServer): string {
  const login = username === '' ? 'no username' : `username ${username}`
  const words = [type, `${host}:${port}`, socketType, login, authentication]
  return words.filter(Boolean).join(', ')
}
