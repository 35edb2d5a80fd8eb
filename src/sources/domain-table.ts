/**
 * A million domains in the memory that they need and no more: about 32 bytes a domain beside its letters, no object
 * among them, so that the garbage collector never walks it and another thread can build it while this one serves.
 *
 * `records` holds, one after the other, `[length: 1][name][rule: 4][line: 4]` (numbers little-endian).
 * `slots` is an open-addressing hash table of the records' offsets + 1; 0 is a free slot.
 */
export interface DomainTable {
  readonly records: Uint8Array<SharedArrayBuffer>
  readonly slots: Uint32Array<SharedArrayBuffer>
  readonly size: number
  /** Is one of the names a pattern, that is, does one begin with a dot? */
  readonly hasWildcards: boolean
}

/** Where the admin wrote a name: `rule` is an index into a list that the table's owner keeps. */
export interface TableEntry {
  readonly rule: number
  readonly line: number
}

const dot = 0x2e
const numbersLength = 8
const slotsPerRecord = 1.5

/** FNV-1a, with a last step that spreads the low bits over the high ones, which `slotOf` takes. */
const offsetBasis = 0x811c9dc5
const mix = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193)
const spread = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0
const slotOf = (hash: number, slots: number): number => Math.floor((hash / 0x1_0000_0000) * slots)

/** The offset of the record of a name, or -1. Names are ASCII. */
function offsetOf({ records, slots }: DomainTable, name: string): number {
  let hash = offsetBasis
  for (let i = 0; i < name.length; i++) hash = mix(hash, name.charCodeAt(i))
  let slot = slotOf(spread(hash), slots.length)
  for (;;) {
    const offset = (slots[slot] as number) - 1
    if (offset === -1) return -1
    if (records[offset] === name.length) {
      let i = 0
      while (i < name.length && records[offset + 1 + i] === name.charCodeAt(i)) i++
      if (i === name.length) return offset
    }
    if (++slot === slots.length) slot = 0
  }
}

const uint32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)) >>>
  0

function setUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}

/** The rule of a name, or -1: all that a request asks. */
export function ruleOf(table: DomainTable, name: string): number {
  const offset = offsetOf(table, name)
  return offset === -1 ? -1 : uint32(table.records, offset + 1 + name.length)
}

export function entryOf(table: DomainTable, name: string): TableEntry | undefined {
  const offset = offsetOf(table, name)
  return offset === -1 ? undefined : entryAt(table.records, offset)
}

function entryAt(records: Uint8Array, offset: number): TableEntry {
  const numbers = offset + 1 + (records[offset] as number)
  return { rule: uint32(records, numbers), line: uint32(records, numbers + 4) }
}

export function* namesOf({ records }: DomainTable): Generator<string> {
  for (let offset = 0; offset < records.length; ) {
    const length = records[offset] as number
    yield String.fromCharCode(...records.subarray(offset + 1, offset + 1 + length))
    offset += 1 + length + numbersLength
  }
}

/** Fills a table. `expected` names spare it from growing; more or fewer may come. */
export class DomainTableBuilder {
  #records = new Uint8Array(4096)
  #used = 0
  #slots: Uint32Array<SharedArrayBuffer>
  #size = 0
  #hasWildcards = false

  constructor(expected: number) {
    this.#slots = emptySlots(expected)
  }

  /** Adds the name in `bytes[start, end)`, ASCII and at most 255 long; gives the entry it already had, if it had one. */
  add(bytes: Uint8Array, start: number, end: number, rule: number, line: number): TableEntry | undefined {
    const length = end - start
    let slot = slotOf(hashOf(bytes, start, end), this.#slots.length)
    for (let offset = this.#slots[slot] as number; offset !== 0; offset = this.#slots[slot] as number) {
      if (this.#records[offset - 1] === length && this.#sameName(offset, bytes, start, length)) {
        return entryAt(this.#records, offset - 1)
      }
      if (++slot === this.#slots.length) slot = 0
    }
    this.#makeRoom(1 + length + numbersLength)
    this.#slots[slot] = this.#used + 1
    this.#records[this.#used] = length
    for (let i = 0; i < length; i++) this.#records[this.#used + 1 + i] = bytes[start + i] as number
    setUint32(this.#records, this.#used + 1 + length, rule)
    setUint32(this.#records, this.#used + 1 + length + 4, line)
    this.#used += 1 + length + numbersLength
    this.#size++
    if (bytes[start] === dot) this.#hasWildcards = true
    if (this.#size * slotsPerRecord > this.#slots.length) this.#spreadOver(this.#size * 2)
    return undefined
  }

  finish(): DomainTable {
    const records = new Uint8Array(new SharedArrayBuffer(this.#used))
    records.set(this.#records.subarray(0, this.#used))
    return { records, slots: this.#slots, size: this.#size, hasWildcards: this.#hasWildcards }
  }

  #sameName(at: number, bytes: Uint8Array, start: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (this.#records[at + i] !== bytes[start + i]) return false
    return true
  }

  #makeRoom(length: number): void {
    if (this.#used + length <= this.#records.length) return
    const larger = new Uint8Array(this.#records.length * 2)
    larger.set(this.#records)
    this.#records = larger
  }

  #spreadOver(expected: number): void {
    const slots = emptySlots(expected)
    for (let offset = 0; offset < this.#used; ) {
      const end = offset + 1 + (this.#records[offset] as number)
      let slot = slotOf(hashOf(this.#records, offset + 1, end), slots.length)
      while (slots[slot] !== 0) if (++slot === slots.length) slot = 0
      slots[slot] = offset + 1
      offset = end + numbersLength
    }
    this.#slots = slots
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = offsetBasis
  for (let i = start; i < end; i++) hash = mix(hash, bytes[i] as number)
  return spread(hash)
}

/** At least one slot stays free, so that every search ends. */
function emptySlots(expected: number): Uint32Array<SharedArrayBuffer> {
  return new Uint32Array(new SharedArrayBuffer(4 * (Math.ceil(expected * slotsPerRecord) + 8)))
}
