import { formats } from '../formats/index.ts'
import { bytesOf, Renderings } from '../renderings.ts'
import { suggestion } from '../schema/suggestion.ts'
import { readAddressOrDomain } from './asked.ts'
import { openDirectory } from './open-directory.ts'
import { type ExitCode, exitCodes, type Surroundings } from './surroundings.ts'

/** Prints the bytes that the server would send, and nothing else, so that they can be compared and piped. */
export async function render(
  name: string,
  asked: string,
  { config: file }: { config: string },
  { stdout, stderr }: Surroundings,
): Promise<ExitCode> {
  const format = formats.find((candidate) => candidate.name === name)
  if (!format) {
    const names = formats.map((candidate) => candidate.name)
    stderr.write(
      `there is no format "${name}"${suggestion(name, names) || `; there are ${names.join(', ')}`}\n`,
    )
    return exitCodes.usage
  }
  const lookup = readAddressOrDomain(asked)
  if (!lookup) {
    stderr.write(`"${asked}" is neither an address nor a domain\n`)
    return exitCodes.usage
  }
  const settings = (await openDirectory(file)).settings(lookup)
  if (!settings) {
    stderr.write(`nobody serves ${lookup.domain}; "mail-autoconfig explain ${lookup.domain}" tells why\n`)
    return exitCodes.faults
  }
  stdout.write(bytesOf(new Renderings(format).render(settings)))
  return exitCodes.fine
}
