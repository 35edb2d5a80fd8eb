import { Command, Option } from '@commander-js/extra-typings'
import { zoneFormats } from '../dns/zone.ts'
import { formats } from '../documents/formats.ts'
import { version } from '../version.ts'
import { addCertificateCommands } from './certificate-commands.ts'
import { doctorFlags } from './doctor/flags.ts'
import { fromEnvironment, type Variables } from './environment.ts'
import type { ExitCode, Io } from './io.ts'
import { days, ipAddresses, nameServer, seconds, texts, wholeNumber } from './option-values.ts'
import { addServe } from './serve-command.ts'
import { adminHostOption, adminPortOption, configOption } from './shared-options.ts'
import { withoutTyped } from './without-typed.ts'

/**
 * The commands and their options. A command's code is loaded when it runs, so a start costs only what it needs. A flag overrides an
 * environment variable, which overrides the default. `done` gets the exit code.
 */
export function commandLine(io: Io, done: (exitCode: ExitCode) => void): Command {
  const { stdout, stderr, env } = io
  const variables: Variables = new Map()
  const config = () => configOption(variables)
  const adminHost = () => adminHostOption(variables)
  const adminPort = () => adminPortOption(variables)

  const program = new Command('mail-autoconfig')
    .description('Answers every mail client that asks how to reach a mailbox.')
    .version(version, '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(withoutTyped(text)),
    })
    .showHelpAfterError('(mail-autoconfig --help shows more)')
    .addHelpText('after', '\nExit status: 0 OK, 1 errors or nothing found, 2 invalid usage.')
    .hook('preAction', (_program, command) => fromEnvironment(variables, command, env))
  const add = <Usage extends string>(usage: Usage, description: string) =>
    program.command(usage).description(description).version(version)

  addServe(add('serve', 'answer mail clients'), variables, async (options) => {
    const { serve } = await import('./serve.ts')
    done(await serve(options, io))
  })

  add('check', 'read the configuration and every file that it names, and print errors and warnings')
    .addOption(config())
    .option('--online', 'also connect to each source and run its queries')
    .option('--json', 'print JSON')
    .action(async (options) => {
      const { check } = await import('./check.ts')
      done(await check(options, io))
    })

  add('render <format> <address-or-domain>', 'print the bytes that a client gets')
    .addHelpText('after', `\nFormats: ${[...formats.map(({ name }) => name), 'dns-zone'].join(', ')}`)
    .addOption(config())
    .option('--name <name>', 'display name for outgoing mail')
    .addOption(new Option('--protocol <protocol>', 'how to read mail').choices(['imap', 'pop3'] as const))
    .addOption(
      new Option('--only <service>', 'an Apple profile without calendars and contacts').choices([
        'mail',
      ] as const),
    )
    .option('--language <language>', 'language of the texts, such as fr')
    .addOption(new Option('--terminal', 'draw the QR code').conflicts(['svg', 'png']))
    .addOption(new Option('--svg', 'draw the QR code as SVG').conflicts('png'))
    .option('--png', 'draw the QR code as PNG')
    .action(async (format, target, options) => {
      const { render } = await import('./render.ts')
      done(await render(format, target, options, io))
    })

  add('dns <domain...>', 'print the DNS records that domains need')
    .addOption(config())
    .addOption(
      new Option('--format <format>', 'bind for a zone, json for programs, table for people')
        .choices(Object.keys(zoneFormats) as (keyof typeof zoneFormats)[])
        .default('bind' as const),
    )
    .addOption(
      new Option(
        '--address <ip>',
        'address of this service, for A and AAAA records in place of a CNAME; repeatable',
      ).argParser(ipAddresses),
    )
    .option('--next <file>', 'configuration after a change, to publish its PACC digest in advance')
    .option('--json', 'print JSON, as --format json does')
    .action(async (domain, options) => {
      const { dns } = await import('./dns.ts')
      done(await dns(domain, options, io))
    })

  addCertificateCommands(add, config, io, done)

  add('link <address...>', 'print a personal setup link for each address')
    .addOption(config())
    .option('--login <login>', 'login name, if the configuration does not know it')
    .option('--name <name>', 'display name for outgoing mail')
    .addOption(new Option('--days <number>', 'days until the link expires').default(14).argParser(days))
    .option('--json', 'print JSON')
    .action(async (address, options) => {
      const { link } = await import('./link.ts')
      done(await link(address, options, io))
    })

  add('explain <address-or-domain>', 'show which host serves a domain, and why')
    .addOption(config())
    .option('--running', 'ask the running server, also while the files contain errors')
    .addOption(adminHost())
    .addOption(adminPort())
    .option('--json', 'print JSON')
    .action(async (target, options) => {
      const { explain } = await import('./explain.ts')
      done(await explain(target, options, io))
    })

  add(
    'rehearse [client] [address]',
    'ask the network as a mail client does, and show the account that it would set up',
  )
    .option('--all-clients', 'rehearse every client; takes only an address')
    .option('--agree', 'answer yes if a client asks the person whether it may ask another domain')
    .addOption(
      new Option('--timeout <seconds>', 'time limit of the whole rehearsal').default(120).argParser(seconds),
    )
    .addOption(
      new Option(
        '--resolver <ip>',
        "name server to ask, such as 127.0.0.1:5353 (default: the system's)",
      ).argParser(nameServer),
    )
    .option('--ca <file>', 'certificate of a further authority that clients trust (PEM)')
    .option('--json', 'print JSON; an array with --all-clients')
    .action(async (client, address, options) => {
      const { rehearse } = await import('./rehearse.ts')
      const words = [client, address].filter((word) => word !== undefined)
      done(await rehearse(words, options, io))
    })

  add('doctor [address-or-domain...]', 'check, from this network, that what clients are promised works')
    .addOption(config())
    .addOption(doctorFlags.all())
    .addOption(doctorFlags.watch())
    .addOption(doctorFlags.resolver())
    .addOption(doctorFlags.connect())
    .option('--login <address>', 'also log in; the password comes from standard input or a prompt')
    .option('--running', 'also compare the files with the running server')
    .addOption(adminHost())
    .addOption(adminPort())
    .option('--ca <file>', 'authorities to trust besides those of the system, as PEM')
    .addOption(doctorFlags.timeout())
    .addOption(doctorFlags.concurrency())
    .option('--json', 'print JSON')
    .action(async (asked, options) => {
      const { doctor } = await import('./doctor.ts')
      done(await doctor(asked, options, io))
    })

  add('diff <old-config> <new-config>', 'show what would change for clients with another configuration')
    .addOption(
      new Option(
        '--fail-above <number>',
        'exit with status 1 if more domains than this change, appear or disappear',
      ).argParser(wholeNumber),
    )
    .option('--all', 'list every domain and every change')
    .option('--json', 'print JSON; lists every domain')
    .action(async (old, next, options) => {
      const { diff } = await import('./diff.ts')
      done(await diff(old, next, options, io))
    })

  add('drift', 'compare the configured hosts with a Postfix map or a database')
    .addOption(config())
    .addOption(
      new Option('--map <file>', 'Postfix map, such as transport or relay_domains').conflicts('source'),
    )
    .option('--source <name>', 'name of a source in the configuration (default: the only one)')
    .option('--json', 'print JSON')
    .action(async (options) => {
      const { drift } = await import('./drift.ts')
      done(await drift(options, io))
    })

  add('export <directory>', 'write the answers as files, with a configuration of nginx and Caddy')
    .addOption(config())
    .option('--precompress', 'also write a .gz next to each file')
    .option(
      '--each-domain',
      'write a document for each domain, for web servers that cannot fill in the domain',
    )
    .option('--prune', 'remove files of earlier exports')
    .action(async (directory, options) => {
      const { exportTree } = await import('./export.ts')
      done(await exportTree(directory, options, io))
    })

  add('submit', 'print a file to submit to the public ISPDB (notes on stderr)')
    .addOption(config())
    .option('--host <key>', 'host whose settings to submit (default: the only one)')
    .addOption(
      new Option('--domain <domain>', 'domain of yours (default: all mapped domains); repeatable').argParser(
        texts,
      ),
    )
    .addOption(new Option('--mx <domain>', 'domain of your MX hosts; repeatable').argParser(texts))
    .action(async (options) => {
      const { submit } = await import('./submit.ts')
      done(await submit(options, io))
    })

  add(
    'import <file-or-directory...>',
    'convert ISPDB files to a configuration (losses are listed on stderr)',
  ).action(async (sources) => {
    const { importFiles } = await import('./import.ts')
    done(await importFiles(sources, io))
  })

  add('schema', 'print the JSON Schema of the configuration, for editors').action(async () => {
    const { jsonSchema } = await import('../config/schema.ts')
    stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`)
  })

  return program
}
