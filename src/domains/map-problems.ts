import { type Oddity, oddities } from '../model/name-warnings.ts'
import type { Report } from '../reading/report.ts'
import type { IgnoredReason } from './map-lines.ts'

/** The number of errors of one file that are listed, and of lines that a warning lists. The others are only counted. */
const listed = { errors: 20, lines: 5 } as const

/** Findings that are reported once for a whole file, with the number of its lines and the first of them. */
type Note =
  | IgnoredReason
  | Oddity
  | 'elsewhere'
  | 'credentials'
  | 'nothing'
  | 'repeated'
  | 'repeatedOtherwise'
  | 'refusedElsewhere'

const wholeFile = 'if one host has all domains of the file, write { file: …, host: … } under domainFiles:'

const messages: Readonly<Record<Note, (found: { readonly near: string; readonly hosts: string }) => string>> =
  {
    elsewhere: ({ near, hosts }) =>
      `ignored: the value names no configured host${near || hosts}; if it leads to one of them, write which one under nextHops:, or ${wholeFile}`,
    credentials: () =>
      'ignored: the value looks like a username and a password, as in a password map of Postfix (sasl_passwd): remove the line; if it is a transport, write its host under nextHops:',
    nothing: () => `ignored: there is no host after the domain; ${wholeFile}`,
    address: () => 'ignored: the key is an address, not a domain',
    notDomain: () => 'ignored: the key is not a domain; write example.org, *.example.org or *',
    orphan: () => 'ignored: the line begins with white space, and there is no line above that it continues',
    continued: () =>
      'the line begins with white space, so Postfix joins it to the line above; to make it an entry, remove the white space',
    local: () => `the key ${oddities.local}`,
    suffix: () => `the key ${oddities.suffix}`,
    belowSuffix: () => `the key ${oddities.belowSuffix}`,
    repeated: () => 'the domain is listed before in this file',
    repeatedOtherwise: () =>
      'ignored: the domain is listed before in this file, with another host; as in Postfix, the first line counts',
    refusedElsewhere: () =>
      'the domain takes no mail here (error:, discard: or retry:), but another file maps it to a host: it is not served',
  }

/** Collects what is wrong with the lines of a map file. The messages repeat no value of the file. */
export class MapProblems {
  readonly #file: string
  readonly #hosts: string
  readonly #report: Report
  readonly #errors: number[] = []
  readonly #notes = new Map<
    Note,
    { line: number; column: number; near: string; first: number[]; count: number }
  >()

  /** `hosts` is the end of a message that lists the configured hosts. */
  constructor(file: string, hosts: string, report: Report) {
    this.#file = file
    this.#hosts = hosts
    this.#report = report
  }

  error(line: number, message: string): void {
    if (this.#errors.push(line) <= listed.errors) this.#report.errorIn(this.#file, line, message)
  }

  /** `column` is called for the first line only. */
  note(note: Note, line: number, column = () => 1, near = ''): void {
    const found = this.#notes.get(note)
    if (!found) this.#notes.set(note, { line, column: column(), near, first: [line], count: 1 })
    else if (found.count++ < listed.lines) found.first.push(line)
  }

  /** Reports what was collected. */
  finish(): void {
    for (const [note, { line, column, near, first, count }] of this.#notes) {
      const text = messages[note]({ near, hosts: this.#hosts })
      const more = count > first.length ? ', …' : ''
      const lines = count === 1 ? '' : ` (${count} lines: ${first.join(', ')}${more})`
      this.#report.warnIn(this.#file, line, `${text}${lines}`, column)
    }
    const next = this.#errors[listed.errors]
    const others = this.#errors.length - listed.errors
    if (next !== undefined)
      this.#report.errorIn(
        this.#file,
        next,
        `${others} more error${others === 1 ? '' : 's'} from this line on; fix those above first`,
      )
  }
}
