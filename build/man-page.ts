import {
  type ArgumentDescription,
  environmentOf,
  isOfCommand,
  type OptionDescription,
  type ProgramDescription,
  signals,
} from './command-description.ts'

/** The manual page `mail-autoconfig.1`, in the macros of man(7). It has no date, so that the same commit gives the same bytes. */
export function manPage(program: ProgramDescription, homepage: string): string {
  const { name, version, description, commands } = program
  return `${[
    `.TH ${name.toUpperCase()} 1 "" "${roff(`${name} ${version}`)}" "User Commands"`,
    '.SH NAME',
    `${roff(name)} \\- ${roff(lowerFirst(description).replace(/\.$/, ''))}`,
    '.SH SYNOPSIS',
    `\\fB${roff(name)}\\fR \\fIcommand\\fR [\\fIargument\\fR ...] [\\fIoption\\fR ...]`,
    '.SH DESCRIPTION',
    roff(description),
    'A flag overrides its environment variable, which overrides the default.',
    '.PP',
    'The server loads a changed configuration within five seconds. It never loads an invalid one.',
    ...program.options.flatMap(option),
    '.SH COMMANDS',
    ...commands.flatMap(command),
    '.SH ENVIRONMENT',
    ...environmentOf(program).flatMap(([variable, names]) => [
      '.TP',
      `.B ${variable}`,
      `${roff(names.join(', '))}`,
    ]),
    '.SH SIGNALS',
    ...signals.flatMap(([signal, effect]) => ['.TP', `.B ${signal}`, roff(effect)]),
    '.SH EXIT STATUS',
    roff(program.exitStatus),
    '.SH SEE ALSO',
    roff(homepage),
  ].join('\n')}\n`
}

function command({
  name,
  description,
  arguments: args,
  options,
}: ProgramDescription['commands'][number]): string[] {
  const usage = args.map(({ usage }) => ` \\fI${roff(usage)}\\fR`).join('')
  return [
    `.SS ${roff(name)}`,
    `\\fBmail\\-autoconfig ${roff(name)}\\fR${usage} [\\fIoption\\fR ...]`,
    '.PP',
    roff(`${upperFirst(description)}.`),
    ...args.flatMap(choicesOfArgument),
    ...options.filter(isOfCommand).flatMap(option),
  ]
}

function choicesOfArgument({ usage, value: { choices } }: ArgumentDescription): string[] {
  if (choices.length === 0) return []
  return ['.TP', `.I ${roff(usage)}`, roff(`one of: ${choices.join(', ')}`)]
}

function option({ names, description, default: standard, value }: OptionDescription): string[] {
  const spellings = names.map((name) => `\\fB${roff(name)}\\fR`).join(', ')
  const choices = value && value.choices.length > 0 ? `; one of: ${value.choices.join(', ')}` : ''
  const otherwise = standard === undefined ? '' : ` (default: ${standard})`
  return [
    '.TP',
    value ? `${spellings} \\fI${roff(value.name)}\\fR` : spellings,
    roff(`${description}${choices}${otherwise}`),
  ]
}

/** Text that roff prints unchanged: `-` can be copied from the page, and no line is a request. */
const roff = (text: string): string =>
  text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/, '\\&$&')

const lowerFirst = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`
const upperFirst = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
