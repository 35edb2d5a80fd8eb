import type { Result } from '../model/result.ts'
import { exposureOf } from './exposure.ts'
import { filesIn } from './files-in.ts'
import { fingerprint } from './fingerprint.ts'
import { readRegularFile } from './regular-file.ts'

/** The bytes of a file, or why they cannot be read; and the fingerprint in either case. */
export interface FileRead {
  readonly fingerprint: string
  readonly content: Result<Uint8Array>
}

/** Where the files of a configuration are read from: the disk, or copies of them. */
export interface FileSource {
  /** `limit` is the largest size that is read, in bytes. Never rejects. */
  read(file: string, limit: number): Promise<FileRead>
  /** Never rejects (`fingerprint.ts`). */
  fingerprint(file: string): Promise<string>
  /** How others can use a file with a secret (`exposure.ts`). Never rejects. */
  exposureOf(file: string): Promise<string | undefined>
  /** The files of a directory with an extension, sorted by name. Rejects as `fs.readdir` does. */
  filesIn(directory: string, extension: string): Promise<string[]>
}

export const disk: FileSource = { read: readRegularFile, fingerprint, exposureOf, filesIn }
