import * as z from 'zod'
import { inBatches } from '../reading/in-batches.ts'
import type { Reading } from '../reading/reading.ts'
import type { Report } from '../reading/report.ts'
import type { ReadDocument } from './document.ts'
import type { FileError } from './xml.ts'

/** `ispdb:` of the configuration: directories of ISPDB files. Each file is served for each of its domains. */
export const ispdbSection = z
  .array(
    z.strictObject({
      folder: z.string().min(1).meta({
        description:
          'A directory of ISPDB files (*.xml), or a checkout of the database with a subdirectory ispdb. Relative to this file.',
      }),
      serve: z.enum(['ispdb', 'all']).default('ispdb').meta({
        description:
          'ispdb: only at /v1.1/<domain> and /autoconfig/v1.1/<domain>. all: also where mail clients ask for autoconfig.',
      }),
    }),
  )
  .default([])
  .meta({
    description: 'Directories of ISPDB files. They are served unchanged; your own domains have precedence.',
  })
export type IspdbSection = z.infer<typeof ispdbSection>

/** A file as it was read. Plain data and shared memory, so that another thread can read it. */
export interface IspdbFile {
  readonly file: string
  readonly fingerprint: string
  /** `undefined` if the file is ignored. */
  readonly document?: Omit<ReadDocument, 'warnings'>
  readonly problems: readonly FileError[]
}

export interface IspdbFolder {
  readonly serve: IspdbSection[number]['serve']
  readonly files: readonly IspdbFile[]
}

/**
 * Reads the files of all directories, sorted by name. A file in `before` that has not changed is not read again. A directory
 * that cannot be read, or has no such file, is an error. A file that cannot be used is ignored with a warning.
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
    const names = await reading.listFiles(folder, path, '.xml', 'ispdb')
    const files = await inBatches(names, async (name): Promise<IspdbFile> => {
      const earlier = known.get(name)
      const read = await reading.readChanged(name, earlier?.fingerprint)
      if (read === 'unchanged') return earlier as IspdbFile
      const { fingerprint, content } = read
      if (!content.ok) {
        const message = `cannot be read: ${content.error}`
        return { file: name, fingerprint, problems: [{ line: 1, column: 1, message }] }
      }
      const document = readDocument(content.value)
      if (!document.ok) return { file: name, fingerprint, problems: [document.error] }
      const { warnings: problems, ...rest } = document.value
      return { file: name, fingerprint, document: rest, problems }
    })
    folders.push({ serve, files })
  }
  warnAboutProblems(folders, reading.report)
  return folders
}

function warnAboutProblems(folders: readonly IspdbFolder[], report: Report): void {
  const first = new Map<string, string>()
  for (const { file, document, problems } of folders.flatMap(({ files }) => files)) {
    for (const { line, column, message } of problems)
      report.warnIn(file, line, document ? message : `${message}; the file is ignored`, column)
    for (const { domain, line } of document?.domains ?? []) {
      const other = first.get(domain)
      if (other === undefined) first.set(domain, file)
      else if (other !== file)
        report.warnIn(file, line, `${domain} is also in ${other}, which is served for this domain`)
    }
  }
}
