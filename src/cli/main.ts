import { isIP } from 'node:net'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { dnsSpellings } from '../dns/zone.ts'
import { formats } from '../formats/index.ts'
import { ConfigError, formatDiagnostic } from '../model/diagnostic.ts'
import { version } from '../version.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'

/** The command line: arguments -> exit code. Flag beats environment beats default. */
export async function main(args: readonly string[], io: Io): Promise<ExitCode> {
  const { env, stdout, stderr } = io
  let exitCode: ExitCode = exitCodes.ok

  const variables = new Map<Option, string>()
  const option = (flags: string, description: string, variable: string, fallback: unknown) => {
    const made = new Option(flags, `${description} (environment: ${variable})`).default(fallback)
    variables.set(made, variable)
    return made
  }
  const withConfig = (command: Command) =>
    command.addOption(
      option('-c, --config <file>', 'the configuration', 'MAIL_AUTOCONFIG_CONFIG', 'config/autoconfig.yaml'),
    )

  const program = new Command('mail-autoconfig')
    .description('Answers every mail client that asks how to reach a mailbox.')
    .version(version, '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .showHelpAfterError('(mail-autoconfig --help tells more)')
    .addHelpText('after', '\nExit status: 0 fine, 1 faults found or nothing found, 2 wrong usage.')

  program.hook('preAction', (_program, command) => {
    for (const made of command.options) {
      const value = env[variables.get(made) ?? '']
      const name = made.attributeName()
      if (!value || command.getOptionValueSource(name) !== 'default') continue
      try {
        command.setOptionValueWithSource(name, made.parseArg ? made.parseArg(value, undefined) : value, 'env')
      } catch (error) {
        command.error(`error: environment variable ${variables.get(made)}: ${(error as Error).message}`)
      }
    }
  })

  const add = (usage: string, description: string) =>
    withConfig(program.command(usage).description(description).version(version))

  add('serve', 'serve the configuration')
    .addOption(option('--host <address>', 'where clients are answered', 'HOST', '::'))
    .addOption(option('--port <number>', 'its port', 'PORT', 8080).argParser(port))
    .addOption(option('--admin-host <address>', 'where the admin is answered', 'ADMIN_HOST', '127.0.0.1'))
    .addOption(option('--admin-port <number>', 'its port', 'ADMIN_PORT', 8081).argParser(port))
    .addOption(
      option('--log-level <level>', 'what is logged', 'LOG_LEVEL', 'info').choices([
        'trace',
        'debug',
        'info',
        'warn',
        'error',
        'fatal',
        'silent',
      ]),
    )
    .action(async (options) => {
      const { serve } = await import('./serve.ts')
      exitCode = await serve(options, io)
    })

  add(
    'check',
    'read the configuration and every file it names, open its sources, render everything, and tell what is wrong',
  )
    .option('--online', 'connect to each source, too, and ask each of its questions')
    .action(async (options) => {
      const { check } = await import('./check.ts')
      exitCode = await check(options, io)
    })

  add('render <format> <address-or-domain>', 'print the bytes that a client would be sent')
    .addHelpText('after', `\nFormats: ${formats.map(({ name }) => name).join(', ')}`)
    .option('--name <name>', 'the name of the person, as it is to stand in mail')
    .addOption(new Option('--protocol <protocol>', 'how mail is to be read').choices(['imap', 'pop3']))
    .option('--language <language>', 'the language of texts, such as fr')
    .addOption(new Option('--terminal', 'draw the QR code').conflicts(['svg', 'png']))
    .addOption(new Option('--svg', 'draw the QR code, as SVG').conflicts('png'))
    .option('--png', 'draw the QR code, as PNG')
    .action(async (format, asked, options) => {
      const { render } = await import('./render.ts')
      exitCode = await render(format, asked, options, io)
    })

  add('dns <domain>', 'print the DNS records that a domain needs for all that is served here')
    .addOption(
      new Option('--format <format>', 'for a zone, for a program, or for people who type it')
        .choices(Object.keys(dnsSpellings))
        .default('bind'),
    )
    .addOption(
      new Option(
        '--address <ip>',
        'an address of this service, for A and AAAA records and no CNAME; may be given several times',
      ).argParser((text: string, before: string[] = []) => [...before, ipAddress(text)]),
    )
    .option('--next <file>', 'the configuration after a change: its PACC digests are printed, too')
    .action(async (domain, options) => {
      const { dns } = await import('./dns.ts')
      exitCode = await dns(domain, options, io)
    })

  add('link <address>', 'print a personal set-up link')
    .option('--login <login>', 'what the address logs in with, where it is not known')
    .option('--name <name>', 'the name of the person, as it is to stand in mail')
    .addOption(new Option('--days <number>', 'how long the link is good').default(14).argParser(days))
    .action(async (address, options) => {
      const { link } = await import('./link.ts')
      exitCode = await link(address, options, io)
    })

  add('explain <address-or-domain>', 'tell who serves a domain and why, or why nobody does').action(
    async (asked, options) => {
      const { explain } = await import('./explain.ts')
      exitCode = await explain(asked, options, io)
    },
  )

  program
    .command('diff <old-config> <new-config>')
    .description('tell which domains are answered otherwise by another configuration, and how')
    .version(version)
    .addOption(
      new Option(
        '--fail-above <number>',
        'exit with 1 if more domains than this change, are new or gone',
      ).argParser(wholeNumber),
    )
    .option('--all', 'list every domain and every change')
    .option('--json', 'for programs; lists every domain')
    .action(async (old, next, options) => {
      const { diff } = await import('./diff.ts')
      exitCode = await diff(old, next, options, io)
    })

  add('drift', 'tell which domains are elsewhere than a Postfix map or a source says')
    .addOption(
      new Option('--map <file>', 'a Postfix map: transport, relay_domains or the like').conflicts('source'),
    )
    .option('--source <name>', 'one of sources: in the configuration; the only one by default')
    .option('--json', 'for programs')
    .action(async (options) => {
      const { drift } = await import('./drift.ts')
      exitCode = await drift(options, io)
    })

  add(
    'export <folder>',
    'write what everybody is sent as files, with the configuration of nginx and Caddy for them',
  )
    .option('--precompress', 'beside each file that is sent as it stands, one in gzip')
    .option(
      '--each-domain',
      'a document for each domain, for web servers that cannot put the domain into one',
    )
    .option('--prune', 'remove what an earlier export has left')
    .action(async (folder, options) => {
      const { exportTree } = await import('./export.ts')
      exitCode = await exportTree(folder, options, io)
    })

  const several = (text: string, before: string[] = []) => [...before, text]
  add('submit', 'print a file for the public ISPDB, and on stderr what is to be known of it')
    .option('--host <key>', 'the host whose settings it has; the only one by default')
    .addOption(
      new Option(
        '--domain <domain>',
        'a domain of yours, where not all that are mapped are; may be given several times',
      ).argParser(several),
    )
    .addOption(
      new Option('--mx <domain>', 'the domain of your MX hosts; may be given several times').argParser(
        several,
      ),
    )
    .action(async (options) => {
      const { submit } = await import('./submit.ts')
      exitCode = await submit(options, io)
    })

  program
    .command('import <file-or-folder...>')
    .description('print files of the ISPDB as a configuration, and on stderr what of them could not be kept')
    .version(version)
    .action(async (paths) => {
      const { importFiles } = await import('./import.ts')
      exitCode = await importFiles(paths, io)
    })

  program
    .command('schema')
    .description('print the JSON Schema of the configuration, for editors')
    .version(version)
    .action(async () => {
      const { jsonSchema } = await import('../config/schema.ts')
      stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`)
    })

  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    if (!(error instanceof ConfigError)) throw error
    for (const fault of error.errors) stderr.write(`${formatDiagnostic(fault)}\n`)
    stderr.write(
      `${error.errors.length === 1 ? 'This fault has' : `These ${error.errors.length} faults have`} to be mended first.\n`,
    )
    return exitCodes.failure
  }
}

function days(text: string): number {
  const number = Number(text)
  if (/^\d{1,4}$/.test(text) && number >= 1 && number <= 3650) return number
  throw new InvalidArgumentError(`"${text}" is not a number of days from 1 to 3650.`)
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError(`"${text}" is not a whole number.`)
}

function ipAddress(text: string): string {
  if (isIP(text) !== 0) return text
  throw new InvalidArgumentError(`"${text}" is not an IP address.`)
}

function port(text: string): number {
  const number = Number(text)
  if (/^\d{1,5}$/.test(text) && number <= 65535) return number
  throw new InvalidArgumentError(`"${text}" is not a port: it must be a number from 0 to 65535.`)
}
