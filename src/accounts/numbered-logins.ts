import { type AccountTable, countOf, entriesOf } from './account-table.ts'
import { smallestGroup } from './decoy-tables.ts'
import { lowest, type Numbers } from './numbers.ts'

/** How the digits of login names with the same beginning go on. */
interface Group {
  /** How many have each next digit; 0 if these are fewer than `smallestGroup`. */
  readonly counts: readonly number[]
  /** How many have another next digit. */
  readonly others: number
  /** The digits that these others may have, for each digit that follows. */
  readonly digits: readonly string[]
}

/**
 * Draws numbered login names that are distributed as the real ones are: digit by digit, as long as enough real login names have
 * the same digits; then at random. So decoys are not outside of the range of the real ones, and fill the gaps between them.
 */
export class NumberedLogins {
  readonly #table: AccountTable
  /** By scope and beginning. There are fewer than real login names. */
  readonly #groups = new Map<string, Group>()

  constructor(table: AccountTable) {
    this.#table = table
  }

  /** `shape` has a 0 for each digit; `numbersOf` returns random numbers for one purpose. */
  draw(scope: string, shape: string, numbersOf: (purpose: string) => Numbers): string {
    let login = ''
    // A group has one digit or more that follows, since login names are unique.
    for (;;) {
      login += shape.slice(login.length).replace(/\d.*/, '')
      const { counts, others, digits } = this.#groupOf(scope, shape, login)
      const digit = chooseDigit(counts, others, () => numbersOf(`${scope}\0${login}`))
      if (digit === undefined) return fill(shape, login, digits, numbersOf(`${scope}\0rest`))
      login += digit
    }
  }

  #groupOf(scope: string, shape: string, start: string): Group {
    const key = `${scope}\0${start}`
    let group = this.#groups.get(key)
    if (!group) {
      group = this.#readGroup(scope, shape, start)
      this.#groups.set(key, group)
    }
    return group
  }

  #readGroup(scope: string, shape: string, start: string): Group {
    const all = [...tenDigits].map((digit) => countOf(this.#table, scope, start + digit))
    const isOwnGroup = (digit: string): boolean => (all[Number(digit)] as number) >= smallestGroup
    const others = [...tenDigits]
      .filter((digit) => !isOwnGroup(digit))
      .flatMap((digit) => [...entriesOf(this.#table, scope, start + digit)])
      .map(({ localPart }) => localPart)
    return {
      counts: all.map((count) => (count >= smallestGroup ? count : 0)),
      others: others.length,
      digits: digitsOf(shape, start, others, isOwnGroup),
    }
  }
}

const tenDigits = '0123456789'

/** `undefined`: one of the others. Each digit has its own random number, so that the choice rarely changes with the counts. */
function chooseDigit(counts: readonly number[], others: number, numbers: () => Numbers): number | undefined {
  if (others > 0 && counts.every((count) => count === 0)) return undefined
  const drawn = numbers()
  const best = lowest([...counts, others].map((weight) => drawn.score(weight)))
  return best === counts.length ? undefined : best
}

function fill(shape: string, start: string, digits: readonly string[], numbers: Numbers): string {
  let at = 0
  return (
    start +
    shape.slice(start.length).replace(/0/g, () => {
      const choice = digits[at++] as string
      return choice[numbers.below(choice.length)] as string
    })
  )
}

/**
 * The digits that may follow a beginning. Numbers have at least the leading zeros that all login names here have, and more only
 * if one of them has: where there is `user10`, but no `user01`, nobody is called `user02`.
 */
function digitsOf(
  shape: string,
  start: string,
  logins: readonly string[],
  isOwnGroup: (digit: string) => boolean,
): string[] {
  const digits: string[] = []
  let isLeading = /(?:^|\D)0*$/.test(start)
  for (let at = start.length; at < shape.length; at++) {
    if (shape[at] !== '0') {
      isLeading = true
      continue
    }
    const isLast = shape[at + 1] !== '0'
    const zeros = logins.filter((login) => login[at] === '0').length
    let choice = tenDigits
    if (isLeading && !isLast && zeros === logins.length) choice = '0'
    else {
      if (isLeading && zeros === 0) choice = tenDigits.slice(1)
      isLeading = false
    }
    digits.push(digits.length === 0 ? [...choice].filter((digit) => !isOwnGroup(digit)).join('') : choice)
  }
  return digits
}
