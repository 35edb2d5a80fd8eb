import { commandLine } from '../src/cli/command-line.ts'
import { systemClock } from '../src/cli/io.ts'
import { formats } from '../src/documents/formats.ts'
import { clients } from '../src/rehearsal/clients/index.ts'

/** What a manual page and the completions of a shell need of the command line, as plain data. */
export interface ProgramDescription {
  readonly name: string
  readonly description: string
  readonly version: string
  /** The last line of the help of the program. */
  readonly exitStatus: string
  /** The options of the program itself. */
  readonly options: readonly OptionDescription[]
  readonly commands: readonly CommandDescription[]
}

export interface CommandDescription {
  readonly name: string
  readonly description: string
  readonly arguments: readonly ArgumentDescription[]
  readonly options: readonly OptionDescription[]
}

export interface ArgumentDescription {
  /** `<format>` or `[client]`, with `...` if several are taken. */
  readonly usage: string
  readonly isRepeatable: boolean
  readonly value: ValueDescription
}

export interface OptionDescription {
  /** The spellings, with dashes: `-c` and `--config`. */
  readonly names: readonly string[]
  readonly description: string
  /** The default as text, if there is one. */
  readonly default?: string
  readonly value?: ValueDescription
}

/** A value that somebody types: one of a list, the name of a file or a directory, or any text. */
export interface ValueDescription {
  readonly name: string
  readonly choices: readonly string[]
  readonly names: 'files' | 'directories' | 'nothing'
}

/** Reads the command line's own description (`src/cli/command-line.ts`), so nothing about a command is written twice. */
export function describeProgram(): ProgramDescription {
  const help: string[] = []
  const write = (text: string | Uint8Array) => help.push(String(text))
  const output = { write }
  // Nothing is run, so no signal, clock or exit code is used.
  const program = commandLine(
    { env: {}, now: systemClock, stdout: output, stderr: output, signals: process },
    process.exit,
  )
  program.outputHelp()
  return {
    name: program.name(),
    description: program.description(),
    version: program.version() as string,
    exitStatus: /^Exit status: (.*)$/m.exec(help.join(''))?.[1] as string,
    options: program.createHelp().visibleOptions(program).map(optionDescription),
    commands: program.commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      arguments: command.registeredArguments.map(argumentDescription),
      options: command.createHelp().visibleOptions(command).map(optionDescription),
    })),
  }
}

/** The effect of each signal on `serve`. */
export const signals = [
  ['SIGHUP', 'reloads the configuration at once, and confirms a change that was held back'],
  ['SIGTERM, SIGINT', 'answers every client that is connected, and exits with 0; a second one exits at once'],
] as const

/** Every command has `--help` and `--version`, and a reference shows them once. */
export const isOfCommand = ({ names }: OptionDescription): boolean =>
  !names.includes('--help') && !names.includes('--version')

/** How `src/cli/environment.ts` writes the environment variable of an option into its description. */
const variablePattern = / \(environment: (\w+)\)/

export const variableOf = ({ description }: OptionDescription): string | undefined =>
  variablePattern.exec(description)?.[1]

export const withoutVariable = ({ description }: OptionDescription): string =>
  description.replace(variablePattern, '')

/** Each environment variable and the options that it sets, by name. */
export function environmentOf({ commands }: ProgramDescription): [string, string[]][] {
  const found = new Map<string, Set<string>>()
  for (const option of commands.flatMap(({ options }) => options)) {
    const variable = variableOf(option)
    if (variable === undefined) continue
    const flags = found.get(variable) ?? new Set()
    found.set(variable, flags.add(option.names.at(-1) as string))
  }
  return [...found].map(([variable, names]) => [variable, [...names]] as [string, string[]]).sort()
}

type Program = ReturnType<typeof commandLine>
type CommanderArgument = Program['registeredArguments'][number]
type CommanderOption = Program['options'][number]

function argumentDescription(argument: CommanderArgument): ArgumentDescription {
  const name = argument.name()
  const repeated = argument.variadic ? `${name}...` : name
  return {
    usage: argument.required ? `<${repeated}>` : `[${repeated}]`,
    isRepeatable: argument.variadic,
    value: valueDescription(name, argument.argChoices),
  }
}

function optionDescription(option: CommanderOption): OptionDescription {
  const [, placeholder] = /<(.*)>/.exec(option.flags) ?? []
  return {
    names: [option.short, option.long].filter((name) => name != null),
    description: option.description,
    ...(option.defaultValue !== undefined && {
      default: String(option.defaultValueDescription ?? option.defaultValue),
    }),
    ...(placeholder !== undefined && { value: valueDescription(placeholder, option.argChoices) }),
  }
}

/** Arguments that take one of a list of which the command line itself knows nothing, since reading the list costs time. */
const knownChoices: Readonly<Record<string, readonly string[]>> = {
  format: [...formats.map(({ name }) => name), 'dns-zone'],
  client: clients.map(({ id }) => id),
}

function valueDescription(name: string, choices: readonly string[] | undefined): ValueDescription {
  return {
    name,
    choices: choices ?? knownChoices[name] ?? [],
    names: /file|config/.test(name) ? 'files' : /directory/.test(name) ? 'directories' : 'nothing',
  }
}
