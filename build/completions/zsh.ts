import type {
  ArgumentDescription,
  OptionDescription,
  ProgramDescription,
  ValueDescription,
} from '../command-description.ts'

/** The completion for zsh: a file `_mail-autoconfig` in a directory of `fpath`. */
export function zshCompletion({ name, commands, options }: ProgramDescription): string {
  const list = [...commands, { name: 'help', description: 'display help for command' }]
  const described = list.map(
    ({ name, description }) => `        ${quoted(`${name}:${escaped(description)}`)}`,
  )
  return `#compdef ${name}
# Completion of zsh for ${name}, made from its command line by npm run build.

_mail_autoconfig() {
  local curcontext=$curcontext state state_descr line
  typeset -A opt_args
  _arguments -C \\
    ${[...options.map(option), "'1:command:->command'", "'*::argument:->argument'"].join(' \\\n    ')}
  case $state in
    command)
      local -a commands
      commands=(
${described.join('\n')}
      )
      _describe -t commands command commands
      ;;
    argument)
      case $words[1] in
${commands
  .map(
    ({ name, options, arguments: args }) => `        ${name})
          _arguments \\
            ${[...options.map(option), ...args.map(argument)].join(' \\\n            ')}
          ;;`,
  )
  .join('\n')}
        help) _arguments '1:command:(${commands.map(({ name }) => name).join(' ')})' ;;
      esac
      ;;
  esac
}

_mail_autoconfig "$@"
`
}

function option({ names, description, value }: OptionDescription): string {
  const after = quoted(`[${escaped(description)}]${value ? `:${escaped(value.name)}:${action(value)}` : ''}`)
  const [only = '', ...others] = names
  if (others.length === 0) return `${description.includes('repeatable') ? "'*'" : ''}${only}${after}`
  return `'(${names.join(' ')})'{${names.join(',')}}${after}`
}

const argument = ({ value, isRepeatable }: ArgumentDescription): string =>
  quoted(`${isRepeatable ? '*' : ''}:${escaped(value.name)}:${action(value)}`)

function action({ choices, names }: ValueDescription): string {
  if (choices.length > 0) return `(${choices.join(' ')})`
  return { files: '_files', directories: '_files -/', nothing: ' ' }[names]
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** Colons and brackets end a description. */
const escaped = (text: string): string => text.replace(/[:[\]\\]/g, '\\$&')
