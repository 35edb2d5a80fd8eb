import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { describeProgram, type OptionDescription } from '../../build/command-description.ts'
import { bashCompletion } from '../../build/completions/bash.ts'
import { fishCompletion } from '../../build/completions/fish.ts'
import { zshCompletion } from '../../build/completions/zsh.ts'
import { manPage } from '../../build/man-page.ts'
import { run } from '../support/command.ts'

/** The manual page and the completions of shells: made from the command line, and read by the programs that they are for. */
const program = describeProgram()
const { homepage } = JSON.parse(readFileSync('package.json', 'utf8'))
const page = manPage(program, homepage)
const bash = bashCompletion(program)
const fish = fishCompletion(program)
const zsh = zshCompletion(program)

/** Why a test with a program of the machine is skipped, if it is missing. */
const without = (command: string): { readonly skip: string | false } => ({
  skip: spawnSync(command, ['--version']).error ? `${command} is not installed` : false,
})

t.test('every command and option of the help is in the manual page and in each completion', async (t) => {
  const commands = [...(await run(['--help'])).stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name = '']) => name)
  t.ok(commands.length > 10)
  const plainPage = page.replaceAll('\\-', '-')
  for (const command of commands.filter((name) => name !== 'help')) {
    const section = plainPage.split(`.SS ${command}\n`)[1]?.split('\n.S')[0] ?? ''
    t.not(section, '', command)
    const options = [...(await run([command, '--help'])).stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)]
    for (const [, option = ''] of options) {
      if (!['--help', '--version'].includes(option))
        t.match(section, `\\fB${option}\\fR`, `${command} ${option}`)
      t.match(bash, new RegExp(`^ {4}${command}\\) options='[^']*${option}[ ']`, 'm'))
      t.match(fish, new RegExp(`from ${command}' .*-l ${option.slice(2)} `))
      t.match(zsh.split(`        ${command})\n`)[1]?.split(';;')[0], option)
    }
  }
})

t.test('the manual page has defaults, choices, variables and the exit status', async (t) => {
  t.match(page, '(default: 8080)')
  t.match(page, 'permissions of unix sockets (environment: SOCKET_MODE) (default: 660)')
  t.match(page, 'one of: trace, debug, info, warn, error, fatal, silent (default: info)')
  t.match(page, 'one of: autoconfig, mail\\-v1,')
  t.match(page, '.B ADMIN_PORT\n\\-\\-admin\\-port\n')
  t.match(page, '.SH EXIT STATUS\n0 OK, 1 errors or nothing found, 2 invalid usage.\n')
})

t.test('text cannot become an instruction of roff', async (t) => {
  const strange: OptionDescription = { names: ['--a'], description: ".so 'a\\b" }
  const odd = manPage({ ...program, options: [strange] }, homepage)
  t.match(odd, "\n\\&.so 'a\\eb\n")
})

t.test(
  'mandoc finds nothing wrong with the manual page but its missing date',
  without('mandoc'),
  async (t) => {
    const { stdout } = spawnSync('mandoc', ['-Tlint', '-W', 'warning'], { input: page, encoding: 'utf8' })
    t.strictSame(
      stdout.split('\n').filter((line) => line && !line.includes('missing date')),
      [],
    )
  },
)

t.test('man shows the manual page', without('man'), async (t) => {
  const { stdout, stderr } = spawnSync('man', ['--local-file', '--warnings', '-'], {
    input: page,
    encoding: 'utf8',
    env: { ...process.env, MANPAGER: 'cat', MANWIDTH: '100', LC_ALL: 'C.UTF-8' },
  })
  t.equal(stderr, '')
  t.match(stdout, 'mail-autoconfig render <format> <address-or-domain> [option ...]')
})

/** The words that bash offers for the last of the typed words. */
function offered(...typed: string[]): string[] {
  const script = `${bash}
set -u
COMP_WORDS=(mail-autoconfig "$@")
COMP_CWORD=$#
_mail_autoconfig
printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['--norc', '-c', script, 'bash', ...typed], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
}

t.test('bash completes commands, options and their values', without('bash'), async (t) => {
  t.strictSame(offered('ex'), ['explain', 'export'])
  t.strictSame(offered('help', 'ser'), ['serve'])
  t.strictSame(offered('serve', '--admin'), ['--admin-host', '--admin-port', '--admin-socket'])
  t.strictSame(offered('serve', '--log-level', ''), [
    'trace',
    'debug',
    'info',
    'warn',
    'error',
    'fatal',
    'silent',
  ])
  t.strictSame(offered('serve', '--port', ''), [])
  t.strictSame(offered('serve', '--state', 'te'), ['test'])
  t.strictSame(offered('check', '-c', 'package.j'), ['package.json'])
  t.strictSame(offered('nonsense', ''), [])
})

t.test('bash completes arguments by their position', without('bash'), async (t) => {
  t.strictSame(offered('render', 'autoc'), ['autoconfig'])
  t.strictSame(offered('render', '--name', 'Jane', '--terminal', 'apple'), ['apple-qr'])
  t.strictSame(offered('render', 'autoconfig', ''), [])
  t.strictSame(offered('rehearse', 'thunderbird-a'), ['thunderbird-android'])
  t.strictSame(offered('import', 'package.json', 'package.j'), ['package.json'])
})

t.test('fish completes commands, options and their values', without('fish'), async (t) => {
  const complete = (line: string): string[] =>
    execFileSync('fish', ['--no-config', '-c', `${fish}\ncomplete -C ${JSON.stringify(line)}`], {
      encoding: 'utf8',
    })
      .split('\n')
      .flatMap((found) => found.split('\t')[0] || [])
  t.strictSame(complete('mail-autoconfig ex'), ['explain', 'export'])
  t.strictSame(complete('mail-autoconfig serve --admin'), ['--admin-host', '--admin-port', '--admin-socket'])
  t.strictSame(complete('mail-autoconfig render --protocol '), ['imap', 'pop3'])
  t.strictSame(complete('mail-autoconfig render autoc'), ['autoconfig'])
  t.strictSame(complete('mail-autoconfig render autoconfig autoc'), [])
})

t.test('zsh reads its completion', without('zsh'), async (t) => {
  const script = `autoload -U compinit && compinit -D -u && compdef() { print -r -- "$@" }
_arguments() { print -rl -- "$@" }
words=(render) state=argument
${zsh.replace('  case $state in', '  state=argument\n  case $state in')}`
  const out = execFileSync('zsh', ['-f', '-c', script], { encoding: 'utf8' })
  t.match(out, '-c[configuration file (environment\\: MAIL_AUTOCONFIG_CONFIG)]:file:_files\n')
  t.match(out, '\n--protocol[how to read mail]:protocol:(imap pop3)\n')
  t.match(out, '\n:format:(autoconfig mail-v1 ')
})
