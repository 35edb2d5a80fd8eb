import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { PatientTurns } from '../reading/patient-turns.ts'
import { readRegularFile } from '../reading/regular-file.ts'

/** How HTTP-01 challenges are answered. Plain data. */
export interface AcmeConfig {
  /** RFC 8555, section 8.1: the last part of the answer to every challenge of an account. */
  readonly thumbprint?: string
  readonly webroot?: string
}

/** RFC 8555, section 8.3, below a webroot. */
export const challengeDirectory = '.well-known/acme-challenge'

/**
 * RFC 8555, section 8.3: base64url, with at least 128 bits. There is no upper limit, but the names of files have one, and the tokens of
 * public authorities have 43 to 86 characters.
 */
const tokenPattern = /^[\w-]{22,200}$/

/** Enough for the longest token and a thumbprint, in bytes. */
const largestFile = 512

/** How long the file system may take, in milliseconds. Authorities wait about ten seconds. */
const patience = 5000

/**
 * Answers HTTP-01 challenges. A file of the webroot comes before the thumbprint, so that a second account can use the webroot, for
 * example while an account is replaced.
 */
export class Challenges {
  readonly #turns: PatientTurns

  constructor(limit = patience) {
    this.#turns = new PatientTurns(limit)
  }

  /** The key authorization (RFC 8555, section 8.1) for a token; `undefined` if there is none. Never rejects. */
  async answer(token: string, { thumbprint, webroot }: AcmeConfig): Promise<string | undefined> {
    if (!tokenPattern.test(token)) return undefined
    const written = webroot && (await this.#turns.run(() => writtenAnswer(webroot, token)))
    return written ?? (thumbprint === undefined ? undefined : `${token}.${thumbprint}`)
  }
}

/**
 * The content of a file of the webroot. A symbolic link that leads out of the webroot is not followed, and a file that is no answer to
 * its own token is not sent, so that nothing else is ever read through this path.
 */
async function writtenAnswer(webroot: string, token: string): Promise<string | undefined> {
  const file = await realpath(join(webroot, challengeDirectory, token)).catch(() => undefined)
  if (file === undefined || !file.startsWith(`${await realpath(webroot)}${sep}`)) return undefined
  const { content } = await readRegularFile(file, largestFile)
  const text = content.ok ? Buffer.from(content.value).toString('latin1').trimEnd() : ''
  return text.startsWith(`${token}.`) && /^[\w-]{43}$/.test(text.slice(token.length + 1)) ? text : undefined
}

/** Why no challenge can be answered from the webroot; `undefined` if one can. Never rejects. */
export async function webrootProblem(webroot: string): Promise<string | undefined> {
  const found = await stat(webroot).catch(() => undefined)
  return found?.isDirectory()
    ? undefined
    : `${webroot} is not a directory; create it, or write the directory that your ACME client uses`
}
