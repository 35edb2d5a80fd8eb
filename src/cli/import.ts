import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isProblem, readXml } from '../ispdb/xml.ts'
import { type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts'
import { readFailure } from '../reading/read-failure.ts'
import { xmlFilesIn } from '../reading/xml-files.ts'
import { importClientConfig } from './import/client-config.ts'
import { configurationOf, type ImportedFile } from './import/configuration.ts'
import { Part } from './import/part.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'

/**
 * Files of the ISPDB -> a configuration on stdout; on stderr what could not be kept, by file and element. Exit code 1 if
 * a file could not be taken over at all.
 */
export async function importFiles(paths: readonly string[], { stdout, stderr }: Io): Promise<ExitCode> {
  const tell = (remark: Diagnostic) => stderr.write(`${formatDiagnostic(remark)}\n`)
  const tellOf = (file: string, message: string) => tell({ file, line: 1, column: 1, path: '', message })
  const files = (await Promise.all(paths.map((path) => filesAt(path, tellOf)))).flat()
  const imported: ImportedFile[] = []
  for (const file of files) {
    const provider = await importFile(file, tell)
    if (provider) imported.push({ file, provider })
  }
  const [first, ...others] = imported
  if (first) stdout.write(configurationOf([first, ...others], tellOf))
  return first && imported.length === files.length ? exitCodes.ok : exitCodes.failure
}

/** A file itself; of a folder its XML files, or those of the folder ispdb in a checkout of the database. */
async function filesAt(path: string, tell: (file: string, message: string) => void): Promise<string[]> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isDirectory()) return [path]
  const here = await xmlFilesIn(path)
  const files = here.length > 0 ? here : await xmlFilesIn(join(path, 'ispdb')).catch(() => [])
  if (files.length === 0) tell(path, 'holds no file *.xml')
  return files
}

async function importFile(file: string, tell: (remark: Diagnostic) => void) {
  const refuse = (line: number, column: number, message: string): undefined => {
    tell({ file, line, column, path: '', message: `${message}; the file is left out` })
    return undefined
  }
  const bytes = await readFile(file).catch((error: Error) => error)
  if (bytes instanceof Error) return refuse(1, 1, `cannot be read: ${readFailure(bytes)}`)
  const root = readXml(bytes)
  if (isProblem(root)) return refuse(root.line, root.column, root.message)
  if (root.name !== 'clientConfig') return refuse(root.line, root.column, `<${root.name}> is no clientConfig`)
  return importClientConfig(new Part(root, file, tell))
}
