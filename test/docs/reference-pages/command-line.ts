import {
  type CommandDescription,
  describeProgram,
  environmentOf,
  isOfCommand,
  type OptionDescription,
  type ProgramDescription,
  signals,
  variableOf,
  withoutVariable,
} from '../../../build/command-description.ts'
import { code, codes, heading, linkTo, origin, plain, sentence, table } from './markdown.ts'

export const commandLinePage = 'docs/command-line.md'

const introduction = `# Command line

\`\`\`
mail-autoconfig COMMAND [ARGUMENT ...] [OPTION ...]
\`\`\`

An option overrides its environment variable, which overrides the default. \`mail-autoconfig help COMMAND\` prints the same as this page, and
so does the manual page of the [Debian package](debian.md). In a checkout, run \`node dist/bin.js\` in place of \`mail-autoconfig\`.`

export function commandLineParts(program: ProgramDescription = describeProgram()): readonly string[] {
  const { commands, options, exitStatus } = program
  return [
    origin('the command line in src/cli'),
    introduction,
    table(
      ['command', 'effect'],
      commands.map(({ name, description }) => [linkTo(name), plain(description)]),
    ),
    `The exit status is ${plain(exitStatus)}`,
    'The program itself and each command have these options:',
    optionTable(options),
    ...commands.flatMap(partsOfCommand),
    '## Environment',
    table(
      ['variable', 'option'],
      environmentOf(program).map(([variable, names]) => [code(variable), codes(names)]),
    ),
    '## Signals',
    `The signals to ${linkTo('serve')}:`,
    table(
      ['signal', 'effect'],
      signals.map(([signal, effect]) => [signal, effect]),
    ),
  ]
}

function partsOfCommand({ name, description, arguments: args, options }: CommandDescription): string[] {
  const own = options.filter(isOfCommand)
  const words = [...args.map(({ usage }) => usage), ...(own.length > 0 ? ['[option ...]'] : [])]
  const choices = args.flatMap(({ usage, value }) =>
    value.choices.length === 0 ? [] : [`${code(usage)} is one of ${codes(value.choices)}.`],
  )
  return [
    heading(2, name),
    sentence(plain(description)),
    `\`\`\`\n${['mail-autoconfig', name, ...words].join(' ')}\n\`\`\``,
    ...choices,
    ...(own.length > 0 ? [optionTable(own)] : []),
  ]
}

/** Columns that no option uses are omitted. */
function optionTable(options: readonly OptionDescription[]): string {
  const columns = [
    { head: 'option', cell: spellings },
    { head: 'default', cell: defaultOf },
    { head: 'environment', cell: (option: OptionDescription) => optionalCode(variableOf(option)) },
    { head: 'effect', cell: effect },
  ].filter(({ cell }) => options.some((option) => cell(option) !== ''))
  return table(
    columns.map(({ head }) => head),
    options.map((option) => columns.map(({ cell }) => cell(option))),
  )
}

/** Where the default depends on something, the description says it. */
const defaultPattern = / \(default: ([^)]*)\)/

function defaultOf(option: OptionDescription): string {
  if (option.default !== undefined) return code(option.default)
  const [, text = ''] = defaultPattern.exec(option.description) ?? []
  return /^\d+$/.test(text) ? code(text) : plain(text)
}

const optionalCode = (text: string | undefined): string => (text === undefined ? '' : code(text))

const spellings = ({ names, value }: OptionDescription): string =>
  code(`${names.join(', ')}${value ? ` <${value.name}>` : ''}`)

function effect(option: OptionDescription): string {
  const choices = option.value?.choices ?? []
  return `${plain(withoutVariable(option).replace(defaultPattern, ''))}${choices.length > 0 ? `: ${codes(choices)}` : ''}`
}
