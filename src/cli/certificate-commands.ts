import { type Command, Option } from '@commander-js/extra-typings'
import { certificateFormats } from '../certificates/formats.ts'
import { type Variables, withVariable } from './environment.ts'
import type { ExitCode, Io } from './io.ts'
import { atOnce, ipAddresses, nameServers, port } from './option-values.ts'

/** Where `serve` answers `/ask` for a proxy on another machine. */
export const askHost = (variables: Variables) =>
  withVariable(
    variables,
    new Option('--ask-host <address>', 'address of the listener for /ask alone').default('127.0.0.1'),
    'ASK_HOST',
  )

export const askPort = (variables: Variables) =>
  withVariable(
    variables,
    new Option('--ask-port <number>', 'port of a listener for /ask alone (default: there is none)').argParser(
      port,
    ),
    'ASK_PORT',
  )

/** The commands for certificates at a proxy. */
export function addCertificateCommands(
  add: (usage: string, description: string) => Command,
  config: () => Option<'-c, --config <file>', undefined, string>,
  io: Io,
  done: (exitCode: ExitCode) => void,
): void {
  add('certificates', 'print the names that need a certificate at the proxy')
    .addOption(config())
    .addOption(
      new Option(
        '--format <format>',
        'domains.txt for dehydrated, lego for its arguments, plain for a name a line, json for programs',
      )
        .choices(Object.keys(certificateFormats) as (keyof typeof certificateFormats)[])
        .default('domains.txt' as const),
    )
    .option('--resolving', 'only names whose DNS records lead to the addresses of publicName')
    .addOption(
      new Option('--address <ip>', 'address of this service in place of those of publicName; repeatable')
        .argParser(ipAddresses)
        .implies({ resolving: true }),
    )
    .addOption(new Option('--resolver <ip[:port]>', 'name server to ask; repeatable').argParser(nameServers))
    .addOption(
      new Option('--concurrency <number>', 'how many certificates to look up at once')
        .default(16)
        .argParser(atOnce),
    )
    .action(async (options) => {
      const { certificates } = await import('./certificates.ts')
      done(await certificates(options, io))
    })

  add('thumbprint <account-key-file>', 'print the thumbprint of the account key of an ACME client').action(
    async (file) => {
      const { thumbprint } = await import('./thumbprint.ts')
      done(thumbprint(String(file), io))
    },
  )
}
