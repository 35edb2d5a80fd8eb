import type { Check, CheckState, Report } from '../../checks/check.ts'
import type { Domain } from '../../model/address.ts'
import { printable } from '../../model/one-line.ts'
import { count } from '../count.ts'
import type { Output } from '../io.ts'

/** Prints results as they come. */
export interface DoctorOutput {
  begin(domain: Domain): Report
  end(domain: Domain): void
  /** Prints what is left; returns whether all is well. */
  close(): boolean
}

/** States that are no reason for exit code 1. */
const well: readonly CheckState[] = ['ok', 'info']

/** A line for each check. Checks that several domains share are printed once. */
export function textOutput(stdout: Output, total: number): DoctorOutput {
  const printed = new WeakSet<Check>()
  const numbers: Record<CheckState, number> = { ok: 0, problem: 0, untested: 0, info: 0 }
  let done = 0
  const progress = (text: string) => stdout.isTTY && stdout.write(`\r\x1b[K${text}`)
  const show = () => progress(`${count(done)} of ${count(total, 'domain')} checked`)
  show()
  return {
    begin: () => (check) => {
      if (printed.has(check)) return
      printed.add(check)
      numbers[check.state]++
      progress('')
      stdout.write(lineOf(check))
      show()
    },
    end() {
      done++
      show()
    },
    close() {
      progress('')
      const { problem, untested, info, ok } = numbers
      stdout.write(
        `${count(problem, 'problem')}, ${untested} untested, ${info} info, ${ok} OK in ${count(total, 'domain')}, seen from this network\n`,
      )
      return problem + untested === 0
    },
  }
}

/** The answers of servers may contain control characters, which a terminal would obey. */
const lineOf = ({ id, target, state, expected, seen, advice }: Check): string =>
  `${printable(`${state.padEnd(8)} ${id} ${target}: expected ${expected}; seen: ${seen}${advice && `; ${advice}`}`)}\n`

/** An object for one domain that was named, an array otherwise. */
export function jsonOutput(stdout: Output, _total: number, isArray: boolean): DoctorOutput {
  const checks = new Map<Domain, Check[]>()
  let isFirst = true
  let isWell = true
  if (isArray) stdout.write('[\n')
  return {
    begin(domain) {
      const list: Check[] = []
      checks.set(domain, list)
      return (check) => {
        list.push(check)
        isWell &&= well.includes(check.state)
      }
    },
    end(domain) {
      stdout.write(
        `${isFirst ? '' : ',\n'}${JSON.stringify({ domain, checks: checks.get(domain) }, null, 2)}`,
      )
      checks.delete(domain)
      isFirst = false
    },
    close() {
      stdout.write(isArray ? '\n]\n' : '\n')
      return isWell
    },
  }
}
