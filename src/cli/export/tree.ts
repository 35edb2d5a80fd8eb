import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** What came of an export. */
export interface TreeCounts {
  readonly written: number
  readonly unchanged: number
  readonly stale: number
}

/** Names a folder as one that an export has made: what stands in it may be taken away. */
const mark = '.mail-autoconfig'

/**
 * A folder that a web server serves from while it is written: each file and link is put in its place whole, by a rename,
 * and only if it differs from what is there. Whoever stops in between leaves old and new ones, each of them sound.
 */
export class Tree {
  readonly #root: string
  readonly #precompress: boolean
  readonly #wanted = new Set<string>([mark])
  #written = 0
  #unchanged = 0

  get precompresses(): boolean {
    return this.#precompress
  }

  /** Throws where the folder holds something else, or cannot be made. */
  constructor(root: string, precompress: boolean) {
    this.#root = root
    this.#precompress = precompress
    if (existsSync(root) && readdirSync(root).length > 0 && !existsSync(join(root, mark)))
      throw new CannotExport(
        `${root} is not empty, and holds no export: name a folder that is empty, or not there`,
      )
    mkdirSync(root, { recursive: true })
    this.file(
      mark,
      Buffer.from('Files of mail-autoconfig export. What it has not written is removed by --prune.\n'),
    )
  }

  /** A file, and its like in gzip (RFC 1952) where that was asked for and may be. */
  file(path: string, bytes: Uint8Array, mayBeCompressed = false): void {
    const isNew = this.#put(path, bytes)
    if (this.#precompress && mayBeCompressed) this.#put(`${path}.gz`, gzipSync(bytes, { level: 9 }))
    // A web server that was told of them would send what an earlier export has left.
    else if (isNew) rmSync(join(this.#root, `${path}.gz`), { force: true })
  }

  /** A symbolic link to another path of the tree. */
  link(path: string, to: string): void {
    const target = `${'../'.repeat(path.split('/').length - 1)}${to}`
    this.#wanted.add(path)
    const place = join(this.#root, path)
    this.#makeFolder(dirname(place))
    const there = lstatSync(place, { throwIfNoEntry: false })
    if (there?.isSymbolicLink() && readlinkSync(place) === target) this.#unchanged++
    else this.#replace(place, there?.isDirectory(), (temporary) => symlinkSync(target, temporary))
  }

  /** What an earlier export has left and this one did not write: counted, and taken away where that is wanted. */
  finish(prune: boolean): TreeCounts {
    let stale = 0
    const visit = (folder: string): boolean => {
      let isEmpty = true
      for (const entry of readdirSync(join(this.#root, folder), { withFileTypes: true })) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`
        const isKept = entry.isDirectory() ? !visit(path) : this.#wanted.has(path)
        if (isKept) isEmpty = false
        else if (!entry.isDirectory()) stale++
        if (!isKept && prune) rmSync(join(this.#root, path), { recursive: true })
      }
      return isEmpty
    }
    visit('')
    return { written: this.#written, unchanged: this.#unchanged, stale }
  }

  /** Gives whether it has changed. */
  #put(path: string, bytes: Uint8Array): boolean {
    this.#wanted.add(path)
    const place = join(this.#root, path)
    this.#makeFolder(dirname(place))
    const there = lstatSync(place, { throwIfNoEntry: false })
    if (there?.isFile() && there.size === bytes.length && readFileSync(place).equals(bytes)) {
      this.#unchanged++
      return false
    }
    this.#replace(place, there?.isDirectory(), (temporary) => writeFileSync(temporary, bytes))
    return true
  }

  #replace(place: string, isFolder: boolean | undefined, make: (temporary: string) => void): void {
    const temporary = join(dirname(place), `.new-${process.pid}`)
    rmSync(temporary, { force: true })
    make(temporary)
    // Exported the other way, a folder is there, which no rename replaces.
    if (isFolder) rmSync(place, { recursive: true })
    renameSync(temporary, place)
    this.#written++
  }

  #lastFolder: string | undefined

  #makeFolder(folder: string): void {
    if (folder === this.#lastFolder) return
    // Exported the other way, a link is there, through which another's files would be written.
    if (folder !== this.#root && lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink())
      rmSync(folder)
    mkdirSync(folder, { recursive: true })
    this.#lastFolder = folder
  }
}

/** Why there is no export, in words for the admin. */
export class CannotExport extends Error {}
