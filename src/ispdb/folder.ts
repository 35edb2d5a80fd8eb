import * as z from 'zod'
import type { Reading } from '../domains/source.ts'
import { inBatches } from '../reading/in-batches.ts'
import type { ReadDocument } from './document.ts'
import type { FileError } from './xml.ts'

/** `ispdb:` of the configuration: folders of ISPDB files, each of which is served for each of its domains. */
export const ispdbSection = z
  .array(
    z.strictObject({
      folder: z.string().min(1).meta({
        description:
          'A folder of ISPDB files (*.xml), or a checkout of the database, where they are in ispdb/. Relative to this file.',
      }),
      serve: z.enum(['ispdb', 'all']).default('ispdb').meta({
        description:
          'ispdb: at /v1.1/<domain> and /autoconfig/v1.1/<domain>. all: where mail clients ask for autoconfig, too.',
      }),
    }),
  )
  .default([])
  .meta({ description: 'Folders of ISPDB files that are served as they stand, below your own domains.' })
export type IspdbSection = z.infer<typeof ispdbSection>

/** What one file was when it was read. Plain data and shared memory: it can cross to another thread. */
export interface IspdbFile {
  readonly file: string
  readonly fingerprint: string
  /** `undefined` where the file is left out. */
  readonly document?: Omit<ReadDocument, 'warnings'>
  readonly problems: readonly FileError[]
}

export interface IspdbFolder {
  readonly serve: IspdbSection[number]['serve']
  readonly files: readonly IspdbFile[]
}

/**
 * The files of all folders, in the order of their names. A file that has not changed since it was read into `before` is not
 * read again. A folder that cannot be read, or has no such file, is a fault; of a file that cannot be used the rest is
 * served all the same, and it is a warning.
 */
export async function readIspdb(
  section: IspdbSection,
  before: readonly IspdbFolder[],
  reading: Reading,
): Promise<IspdbFolder[]> {
  if (section.length === 0) return []
  const { readDocument } = await import('./document.ts')
  const known = new Map(before.flatMap(({ files }) => files).map((file) => [file.file, file]))
  const folders: IspdbFolder[] = []
  for (const [index, { folder, serve }] of section.entries()) {
    const path = ['ispdb', index, 'folder']
    const names = await reading.listFolder(folder, path, 'ispdb')
    const files = await inBatches(names ?? [], async (name): Promise<IspdbFile> => {
      const earlier = known.get(name)
      const read = await reading.readAgain(name, earlier?.fingerprint)
      if (read === 'unchanged') return earlier as IspdbFile
      const { fingerprint } = read
      if ('problem' in read) {
        const message = `cannot be read: ${read.problem}`
        return { file: name, fingerprint, problems: [{ line: 1, column: 1, message }] }
      }
      const document = readDocument(read.bytes)
      if (!document.ok) return { file: name, fingerprint, problems: [document.error] }
      const { warnings: problems, ...rest } = document.value
      return { file: name, fingerprint, document: rest, problems }
    })
    folders.push({ serve, files })
  }
  tellProblems(folders, reading)
  return folders
}

function tellProblems(folders: readonly IspdbFolder[], reading: Reading): void {
  const first = new Map<string, string>()
  for (const { file, document, problems } of folders.flatMap(({ files }) => files)) {
    const warn = (line: number, column: number, message: string) =>
      reading.warn({ file, line, column, path: '', message })
    for (const { line, column, message } of problems)
      warn(line, column, document ? message : `${message}; the file is left out`)
    for (const { domain, line } of document?.domains ?? []) {
      const other = first.get(domain)
      if (other === undefined) first.set(domain, file)
      else if (other !== file) warn(line, 1, `${domain} is in ${other} too, which is served for it`)
    }
  }
}
