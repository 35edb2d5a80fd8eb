import type { Domain } from '../../model/address.ts'
import { dns } from '../dns.ts'
import type { Io } from '../io.ts'

export interface Written {
  readonly output: string
  /** All files that were written. */
  readonly files: readonly string[]
  /** The file before, if it was replaced. */
  readonly old: string | undefined
  readonly publicName: Domain
  /** One of the domains; `undefined` if only a database knows them. */
  readonly domain: Domain | undefined
}

/** Prints what was written, the DNS records of a domain, and what to do next. */
export async function printNext({ output, files, old, publicName, domain }: Written, io: Io): Promise<void> {
  const { stdout } = io
  const config = `--config ${shellWord(output)}`
  const example = domain ?? 'DOMAIN'
  stdout.write(`\nWritten: ${files.join(', ')}\n`)
  if (old !== undefined) stdout.write(`The file before is ${old}\n`)
  if (domain !== undefined) {
    stdout.write(
      `\nDNS records of ${domain}. Also publish A or AAAA records for ${publicName}, this service:\n\n`,
    )
    await dns([domain], { config: output, format: 'bind' }, io)
  }
  stdout.write(`
Next:
  mail-autoconfig check ${config}
  mail-autoconfig serve ${config}
  curl 'http://localhost:8080/mail/config-v1.1.xml?emailaddress=info@${example}'
  mail-autoconfig dns ${example} ${config}
  mail-autoconfig doctor ${example} ${config}

The page with the settings is at http://localhost:8080/?emailaddress=info@${example} while the server runs,
and at https://${publicName}/ once that name leads to it.
`)
}

/** A file name as a word for the shell. */
export const shellWord = (text: string): string =>
  /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
