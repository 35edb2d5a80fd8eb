/**
 * A table for a million domains in little memory: each takes 17 bytes and its letters. It contains no objects, so the
 * garbage collector never walks it, and another thread can build it while this one serves.
 *
 * `records` contains `[length: 1][name][rule: 4][line: 4]` for each domain (numbers are little-endian).
 * `slots` is an open-addressing hash table of the offsets of records. `tags` contains one byte of the hash of each slot, or 0
 * if the slot is free: a search walks along the tags, which are close together, and reads a record only if its tag matches.
 */
export interface DomainTable {
  readonly records: Uint8Array<SharedArrayBuffer>
  readonly slots: Uint32Array<SharedArrayBuffer>
  readonly tags: Uint8Array<SharedArrayBuffer>
  readonly size: number
  /** Is one of the names a wildcard, which begins with a dot? */
  readonly hasWildcards: boolean
}

/** `rule` is an index into a list that the owner of the table keeps; `line` is where the admin wrote the name. */
export interface TableEntry {
  readonly rule: number
  readonly line: number
}

const dot = 0x2e
const numbersLength = 8
const slotsPerRecord = 1.5

/** FNV-1a, and a last step that mixes the low bits into the high ones, which `slotOf` uses. */
const offsetBasis = 0x811c9dc5
const mix = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193)
const spread = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0
const slotOf = (hash: number, slots: number): number => Math.floor((hash / 0x1_0000_0000) * slots)
const tagOf = (hash: number): number => hash & 0xff || 1

/** The offset of the record of a name, or -1. Names are ASCII. */
function offsetOf({ records, slots, tags }: DomainTable, name: string): number {
  let hash = offsetBasis
  for (let i = 0; i < name.length; i++) hash = mix(hash, name.charCodeAt(i))
  hash = spread(hash)
  const tag = tagOf(hash)
  for (
    let slot = slotOf(hash, slots.length);
    tags[slot] !== 0;
    slot = slot + 1 === slots.length ? 0 : slot + 1
  ) {
    if (tags[slot] !== tag) continue
    const offset = slots[slot] as number
    if (records[offset] !== name.length) continue
    let i = 0
    while (i < name.length && records[offset + 1 + i] === name.charCodeAt(i)) i++
    if (i === name.length) return offset
  }
  return -1
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

/** The rule of a name, or -1. This is all that a request needs. */
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

/** Fills a table. */
export class DomainTableBuilder {
  #records: Uint8Array<SharedArrayBuffer>
  #used = 0
  #index: Index
  #size = 0
  #hasWildcards = false

  /** Reserves memory for this many names with this many bytes in all. It grows if there are more. */
  constructor(names: number, bytes: number) {
    this.#records = sharedBytes(names * (1 + numbersLength) + bytes)
    this.#index = emptyIndex(names)
  }

  /** Adds the name in `bytes[start, end)`, ASCII and at most 255 long. Returns the entry of the name if it already has one. */
  add(bytes: Uint8Array, start: number, end: number, rule: number, line: number): TableEntry | undefined {
    const hash = hashOf(bytes, start, end)
    const slot = this.#slotOf(bytes, start, end, hash)
    const { slots, tags } = this.#index
    if (tags[slot] !== 0) return entryAt(this.#records, slots[slot] as number)
    slots[slot] = this.#used
    tags[slot] = tagOf(hash)
    this.#append(bytes, start, end, rule, line)
    if (bytes[start] === dot) this.#hasWildcards = true
    if (++this.#size * slotsPerRecord > slots.length)
      this.#index = indexOf(this.#records, this.#used, this.#size * 2)
    return undefined
  }

  /** Gives another entry to a name that was added before. */
  replace(bytes: Uint8Array, start: number, end: number, rule: number, line: number): void {
    const slot = this.#slotOf(bytes, start, end, hashOf(bytes, start, end))
    const numbers = (this.#index.slots[slot] as number) + 1 + (end - start)
    setUint32(this.#records, numbers, rule)
    setUint32(this.#records, numbers + 4, line)
  }

  finish(): DomainTable {
    const records = this.#records.subarray(0, this.#used)
    return { records, ...this.#index, size: this.#size, hasWildcards: this.#hasWildcards }
  }

  /** The slot of a name, or the free slot where it belongs. */
  #slotOf(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const { slots, tags } = this.#index
    const tag = tagOf(hash)
    let slot = slotOf(hash, slots.length)
    while (
      tags[slot] !== 0 &&
      !(tags[slot] === tag && this.#isNamed(slots[slot] as number, bytes, start, end - start))
    ) {
      if (++slot === slots.length) slot = 0
    }
    return slot
  }

  #isNamed(offset: number, bytes: Uint8Array, start: number, length: number): boolean {
    if (this.#records[offset] !== length) return false
    for (let i = 0; i < length; i++) if (this.#records[offset + 1 + i] !== bytes[start + i]) return false
    return true
  }

  #append(bytes: Uint8Array, start: number, end: number, rule: number, line: number): void {
    const length = end - start
    const next = this.#used + 1 + length + numbersLength
    if (next > this.#records.length) {
      const larger = sharedBytes(next * 2)
      larger.set(this.#records)
      this.#records = larger
    }
    const records = this.#records
    records[this.#used] = length
    for (let i = 0; i < length; i++) records[this.#used + 1 + i] = bytes[start + i] as number
    setUint32(records, next - numbersLength, rule)
    setUint32(records, next - numbersLength + 4, line)
    this.#used = next
  }
}

type Index = Pick<DomainTable, 'slots' | 'tags'>

const sharedBytes = (length: number): Uint8Array<SharedArrayBuffer> =>
  new Uint8Array(new SharedArrayBuffer(length))

/** There are more slots than names, so that one is always free and every search ends. */
function emptyIndex(names: number): Index {
  const length = Math.ceil(names * slotsPerRecord) + 8
  return { slots: new Uint32Array(new SharedArrayBuffer(4 * length)), tags: sharedBytes(length) }
}

/** The index of the existing records, with room for more. */
function indexOf(records: Uint8Array, used: number, names: number): Index {
  const index = emptyIndex(names)
  const { slots, tags } = index
  for (let offset = 0; offset < used; ) {
    const end = offset + 1 + (records[offset] as number)
    const hash = hashOf(records, offset + 1, end)
    let slot = slotOf(hash, slots.length)
    while (tags[slot] !== 0) if (++slot === slots.length) slot = 0
    slots[slot] = offset
    tags[slot] = tagOf(hash)
    offset = end + numbersLength
  }
  return index
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = offsetBasis
  for (let i = start; i < end; i++) hash = mix(hash, bytes[i] as number)
  return spread(hash)
}
