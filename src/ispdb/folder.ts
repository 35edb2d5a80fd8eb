import * as z from 'zod'
import { failure, type Result } from '../model/result.ts'
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
  /** The document that is served; `undefined` if the file is ignored. */
  readonly document?: Omit<ReadDocument, 'warnings'>
  /** The file has an error, so the document is that of its last good version, if there is one. */
  readonly isBroken?: true
  readonly problems: readonly FileError[]
}

/** Where a file that has an error may have a good version: in the configuration in force, or saved. */
export interface LastGoodFiles {
  readonly inForce: readonly IspdbFolder[]
  /** The content of the last good version; `undefined` if there is none. */
  readonly saved?: ((file: string) => Promise<Uint8Array | undefined>) | undefined
}

export interface IspdbFolder {
  readonly serve: IspdbSection[number]['serve']
  readonly files: readonly IspdbFile[]
}

/**
 * Reads the files of all directories, sorted by name. A file of the configuration in force that has not changed is not read
 * again. A directory that cannot be read, or has no such file, is an error. A file that cannot be used is a warning: its last good
 * version stays in use, or the file is ignored if there is none.
 */
export async function readIspdb(
  section: IspdbSection,
  lastGood: LastGoodFiles,
  reading: Reading,
): Promise<IspdbFolder[]> {
  if (section.length === 0) return []
  const { readDocument } = await import('./document.ts')
  const known = new Map(lastGood.inForce.flatMap(({ files }) => files).map((file) => [file.file, file]))

  async function readFile(file: string): Promise<IspdbFile> {
    const earlier = known.get(file)
    const read = await reading.readChanged(file, 'ispdb', earlier?.fingerprint)
    if (read === 'unchanged') return earlier as IspdbFile
    const { fingerprint, content } = read
    const document = content.ok ? readDocument(content.value) : atStart(`cannot be read: ${content.error}`)
    if (!document.ok) {
      const good = earlier?.document ?? (await savedDocument(file))
      const problems = [document.error]
      return { file, fingerprint, isBroken: true, problems, ...(good && { document: good }) }
    }
    const { warnings: problems, ...rest } = document.value
    return { file, fingerprint, document: rest, problems }
  }

  async function savedDocument(file: string): Promise<IspdbFile['document']> {
    const bytes = await lastGood.saved?.(file)
    const document = bytes && readDocument(bytes)
    if (!document?.ok) return undefined
    const { warnings: _, ...rest } = document.value
    return rest
  }

  const folders: IspdbFolder[] = []
  for (const [index, { folder, serve }] of section.entries()) {
    const names = await reading.listFiles(folder, ['ispdb', index, 'folder'], '.xml', 'ispdb')
    folders.push({ serve, files: await inBatches(names, readFile) })
  }
  warnAboutProblems(folders, reading.report)
  return folders
}

const atStart = (message: string): Result<never, FileError> => failure({ line: 1, column: 1, message })

function warnAboutProblems(folders: readonly IspdbFolder[], report: Report): void {
  const first = new Map<string, string>()
  for (const { file, document, isBroken, problems } of folders.flatMap(({ files }) => files)) {
    const outcome = document ? '; its last good version is served' : '; the file is ignored'
    for (const { line, column, message } of problems)
      report.warnIn(file, line, isBroken ? `${message}${outcome}` : message, column)
    for (const { domain, line } of document?.domains ?? []) {
      const other = first.get(domain)
      if (other === undefined) first.set(domain, file)
      else if (other !== file)
        report.warnIn(file, line, `${domain} is also in ${other}, which is served for this domain`)
    }
  }
}
