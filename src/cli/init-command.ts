import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { type Domain, parseDomain } from '../model/address.ts'
import { type Variables, withVariable } from './environment.ts'
import { type ServicePorts, surveyed } from './init/survey.ts'
import type { ExitCode, Io } from './io.ts'
import { hostAddress, nameServers, port, seconds } from './option-values.ts'

/** Adds the options of `init` to its command. */
export function initOptions(
  command: Command,
  variables: Variables,
  io: Io,
  done: (exitCode: ExitCode) => void,
): void {
  command
    .addOption(
      withVariable(
        variables,
        new Option('-o, --output <file>', 'file to write').default('config/autoconfig.yaml'),
        'MAIL_AUTOCONFIG_CONFIG',
      ),
    )
    .addOption(new Option('--hostname <name>', 'host name of the mail server').argParser(domainName))
    .addOption(
      new Option('--domain <domain>', 'domain of the mail server; repeatable').argParser(domainNames),
    )
    .option(
      '--domains <file>',
      'file with a domain per line, or a table of Postfix such as hash:/etc/postfix/virtual',
    )
    .addOption(
      new Option(
        '--public-name <name>',
        'host name of this service (default: autoconfig.<domain>)',
      ).argParser(domainName),
    )
    .option('--display-name <name>', 'name of the mail provider, for people (default: its domain)')
    .addOption(
      new Option('--username <kind>', 'how people log in').choices(['address', 'local-part'] as const),
    )
    .option(
      '--dehydrated <directory>',
      'directory of dehydrated: use its certificates for https, and answer its challenges',
    )
    .option('--overwrite', 'replace an existing file, and keep it as <file>.old')
    .option('-y, --yes', 'ask nothing: use what is found, and create the directory of the file')
    .addOption(
      new Option(
        '--connect <host=ip[:port]>',
        'address of the mail server in place of its DNS; repeatable',
      ).argParser(addresses),
    )
    .option('--no-connect', 'do not connect to the mail server')
    .addOption(
      new Option(
        '--port <service=number>',
        `unusual port of a server, such as imaps=1993; repeatable; the services are ${surveyed.join(', ')}`,
      ).argParser(servicePorts),
    )
    .addOption(new Option('--resolver <ip[:port]>', 'name server to ask; repeatable').argParser(nameServers))
    .option('--ca <file>', 'authorities to trust besides those of the system, as PEM')
    .addOption(
      new Option('--timeout <seconds>', 'how long a connection may last').default(10).argParser(seconds),
    )
    .option('--postfix <directory>', "configuration directory of Postfix (default: the system's)")
    .option('--dovecot <file>', "configuration file of Dovecot (default: the system's)")
    .action(async (options) => {
      const { init } = await import('./init.ts')
      done(await init(options, io))
    })
}

function domainName(text: string): Domain {
  const domain = parseDomain(text)
  if (domain) return domain
  throw new InvalidArgumentError('must be a host name or a domain, such as mail.example.org.')
}

const domainNames = (text: string, before: readonly Domain[] = []): readonly Domain[] => [
  ...before,
  domainName(text),
]

function servicePorts(text: string, before: ServicePorts = new Map()): ServicePorts {
  const [name = '', number = ''] = text.split('=')
  const service = surveyed.find((one) => one === name)
  if (service && Number(number) !== 0) return new Map([...before, [service, port(number)]])
  throw new InvalidArgumentError(`must be one of ${surveyed.join(', ')}, and a port, such as imaps=1993.`)
}

type Addresses = ReturnType<typeof hostAddress>

/** After --no-connect, the value is false. */
const addresses = (text: string, before?: Addresses | false): Addresses | false =>
  hostAddress(text, before || undefined)
