/**
 * Addresses and their targets in shared memory, so that another thread can build the table while this one serves: lines of
 * `domain \0 local part \0 target`, and the offset of each line. Lines are sorted, so that a binary search finds one, and the
 * addresses of a domain are next to each other. Local parts are in lower case.
 */
export interface AccountTable {
  readonly text: Uint8Array<SharedArrayBuffer>
  readonly starts: Uint32Array<SharedArrayBuffer>
}

export interface AccountEntry {
  readonly domain: string
  /** Empty for every other address of the domain. */
  readonly localPart: string
  readonly target: string
}

/** The entries may be in any order; each key must be unique. */
export function buildAccountTable(entries: Iterable<AccountEntry>): AccountTable {
  const lines = [...entries]
    .map(({ domain, localPart, target }) => Buffer.from(`${domain}\0${localPart}\0${target}`))
    .sort(Buffer.compare)
  const length = lines.reduce((sum, line) => sum + line.length, 0)
  const text = new Uint8Array(new SharedArrayBuffer(length))
  const starts = new Uint32Array(new SharedArrayBuffer(4 * (lines.length + 1)))
  let at = 0
  for (const [index, line] of lines.entries()) {
    text.set(line, at)
    at += line.length
    starts[index + 1] = at
  }
  return { text, starts }
}

/** The target of an address; `undefined` if the address is unknown. */
export function targetOf(table: AccountTable, domain: string, localPart: string): string | undefined {
  const key = Buffer.from(`${domain}\0${localPart}\0`)
  const index = firstFrom(table, key)
  return beginsWith(table, index, key) ? lineAt(table, index).subarray(key.length).toString() : undefined
}

export function hasDomain(table: AccountTable, domain: string): boolean {
  const key = Buffer.from(`${domain}\0`)
  return beginsWith(table, firstFrom(table, key), key)
}

/** All entries, or those of a domain, or those of a domain whose local parts begin with `start`. */
export function* entriesOf(table: AccountTable, domain?: string, start = ''): Generator<AccountEntry> {
  const key = Buffer.from(domain === undefined ? '' : `${domain}\0${start}`)
  for (let index = firstFrom(table, key); beginsWith(table, index, key); index++) {
    const [name = '', localPart = '', target = ''] = lineAt(table, index).toString().split('\0')
    yield { domain: name, localPart, target }
  }
}

/** The number of these entries. */
export function countOf(table: AccountTable, domain: string, start: string): number {
  const key = Buffer.from(`${domain}\0${start}`)
  const first = firstFrom(table, key)
  // The keys are UTF-8, which has no byte 255: no line begins like this, and all lines with the key are before it.
  return firstFrom(table, Buffer.concat([key, Buffer.of(255)])) - first
}

/** The number of entries. */
export const sizeOf = ({ starts }: AccountTable): number => starts.length - 1

function lineAt({ text, starts }: AccountTable, index: number): Buffer {
  const start = starts[index] as number
  return Buffer.from(text.buffer, text.byteOffset + start, (starts[index + 1] as number) - start)
}

/** The first line that is not sorted before the key. */
function firstFrom(table: AccountTable, key: Uint8Array): number {
  let low = 0
  let high = sizeOf(table)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(table, middle, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Compares a line and a key byte by byte. Returns 0 if the line begins with the key. */
function compare({ text, starts }: AccountTable, index: number, key: Uint8Array): number {
  const start = starts[index] as number
  const length = (starts[index + 1] as number) - start
  for (let i = 0; i < key.length; i++) {
    if (i === length) return -1
    const difference = (text[start + i] as number) - (key[i] as number)
    if (difference !== 0) return difference
  }
  return 0
}

const beginsWith = (table: AccountTable, index: number, key: Uint8Array): boolean =>
  index < sizeOf(table) && compare(table, index, key) === 0
