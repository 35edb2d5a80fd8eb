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
import { failure, type Result, success } from '../../model/result.ts'

/** The numbers of files and links of an export. */
export interface TreeCounts {
  readonly written: number
  readonly unchanged: number
  readonly stale: number
}

/** A file that marks a directory as an export, whose other files may be removed. */
const marker = '.mail-autoconfig'

/**
 * A directory that a web server may serve while it is written. Each file and link is put in place by a rename, and only if it
 * differs from the old one: an interrupted export leaves old and new files, but no incomplete ones.
 */
export class Tree {
  readonly #root: string
  readonly #precompress: boolean
  readonly #wanted = new Set<string>([marker])
  #written = 0
  #unchanged = 0

  get precompresses(): boolean {
    return this.#precompress
  }

  private constructor(root: string, precompress: boolean) {
    this.#root = root
    this.#precompress = precompress
  }

  /** Fails if the directory contains anything but an earlier export. Throws, as all methods do, if it cannot be written. */
  static open(root: string, precompress: boolean): Result<Tree> {
    if (existsSync(root) && readdirSync(root).length > 0 && !existsSync(join(root, marker)))
      return failure(`${root} is not empty and not an earlier export; name a new or an empty directory`)
    mkdirSync(root, { recursive: true })
    const tree = new Tree(root, precompress)
    tree.file(
      marker,
      Buffer.from('Written by mail-autoconfig export. --prune removes all other files here.\n'),
    )
    return success(tree)
  }

  /** Writes a file, and its gzip (RFC 1952) next to it if the tree is precompressed and the file may be compressed. */
  file(path: string, bytes: Uint8Array, mayBeCompressed = false): void {
    const isNew = this.#put(path, bytes)
    if (this.#precompress && mayBeCompressed) this.#put(`${path}.gz`, gzipSync(bytes, { level: 9 }))
    // A web server that looks for a .gz would send the one of an earlier export.
    else if (isNew) rmSync(join(this.#root, `${path}.gz`), { force: true })
  }

  /** Makes a symbolic link to another path of the tree. */
  link(path: string, to: string): void {
    const target = `${'../'.repeat(path.split('/').length - 1)}${to}`
    this.#wanted.add(path)
    const place = join(this.#root, path)
    this.#makeDirectory(dirname(place))
    const existing = lstatSync(place, { throwIfNoEntry: false })
    if (existing?.isSymbolicLink() && readlinkSync(place) === target) this.#unchanged++
    else this.#replace(place, existing?.isDirectory(), (temporary) => symlinkSync(target, temporary))
  }

  /** Counts the stale files, which an earlier export wrote and this one did not. Removes them with `prune`. */
  finish(prune: boolean): TreeCounts {
    let stale = 0
    const visit = (directory: string): boolean => {
      let isEmpty = true
      for (const entry of readdirSync(join(this.#root, directory), { withFileTypes: true })) {
        const path = directory === '' ? entry.name : `${directory}/${entry.name}`
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

  /** Returns whether the file was written, because it is new or different. */
  #put(path: string, bytes: Uint8Array): boolean {
    this.#wanted.add(path)
    const place = join(this.#root, path)
    this.#makeDirectory(dirname(place))
    const existing = lstatSync(place, { throwIfNoEntry: false })
    if (existing?.isFile() && existing.size === bytes.length && readFileSync(place).equals(bytes)) {
      this.#unchanged++
      return false
    }
    this.#replace(place, existing?.isDirectory(), (temporary) => writeFileSync(temporary, bytes))
    return true
  }

  #replace(place: string, isDirectory: boolean | undefined, make: (temporary: string) => void): void {
    const temporary = join(dirname(place), `.new-${process.pid}`)
    rmSync(temporary, { force: true })
    make(temporary)
    // An export with other options made a directory here, which a rename cannot replace.
    if (isDirectory) rmSync(place, { recursive: true })
    renameSync(temporary, place)
    this.#written++
  }

  #lastDirectory: string | undefined

  #makeDirectory(directory: string): void {
    if (directory === this.#lastDirectory) return
    // An export with other options made a link here, which would lead to the files of a host.
    if (directory !== this.#root && lstatSync(directory, { throwIfNoEntry: false })?.isSymbolicLink())
      rmSync(directory)
    mkdirSync(directory, { recursive: true })
    this.#lastDirectory = directory
  }
}
