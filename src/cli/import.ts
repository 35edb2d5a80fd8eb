import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readXml } from '../ispdb/xml.ts'
import { type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts'
import { failure, success } from '../model/result.ts'
import { filesIn } from '../reading/files-in.ts'
import { readFailure } from '../reading/read-failure.ts'
import { type ImportedClientConfig, importClientConfig } from './import/client-config.ts'
import { configurationOf, type ImportedFile } from './import/configuration.ts'
import { ElementReader } from './import/element-reader.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'

/**
 * Converts ISPDB files to a configuration on stdout. Losses are listed on stderr, by file and element. The exit code is 1 if
 * a file could not be converted at all.
 */
export async function importFiles(paths: readonly string[], { stdout, stderr }: Io): Promise<ExitCode> {
  const report = (diagnostic: Diagnostic) => stderr.write(`${formatDiagnostic(diagnostic)}\n`)
  const reportFile = (file: string, message: string) =>
    report({ file, line: 1, column: 1, path: '', message })
  const files = (await Promise.all(paths.map((path) => filesAt(path, reportFile)))).flat()
  const imported: ImportedFile[] = []
  for (const file of files) {
    const clientConfig = await importFile(file, report)
    if (clientConfig) imported.push({ file, clientConfig })
  }
  const [first, ...others] = imported
  if (first) stdout.write(configurationOf([first, ...others], reportFile))
  return first && imported.length === files.length ? exitCodes.ok : exitCodes.failure
}

/** The file itself; for a directory its XML files, or those in its `ispdb/`, as in a checkout of the database. */
async function filesAt(path: string, report: (file: string, message: string) => void): Promise<string[]> {
  const stats = await stat(path).catch(() => undefined)
  if (!stats?.isDirectory()) return [path]
  const direct = await filesIn(path, '.xml')
  const files = direct.length > 0 ? direct : await filesIn(join(path, 'ispdb'), '.xml').catch(() => [])
  if (files.length === 0) report(path, 'contains no *.xml file')
  return files
}

/** `undefined` if the file is ignored; the reason has been reported. */
async function importFile(
  file: string,
  report: (diagnostic: Diagnostic) => void,
): Promise<ImportedClientConfig | undefined> {
  const ignore = (line: number, column: number, message: string): undefined => {
    report({ file, line, column, path: '', message: `${message}; the file is ignored` })
    return undefined
  }
  const bytes = await readFile(file).then(success, (error: NodeJS.ErrnoException) =>
    failure(`cannot be read: ${readFailure(error)}`),
  )
  if (!bytes.ok) return ignore(1, 1, bytes.error)
  const root = readXml(bytes.value)
  if (!root.ok) return ignore(root.error.line, root.error.column, root.error.message)
  const { name, line, column } = root.value
  if (name !== 'clientConfig')
    return ignore(line, column, `the root element must be <clientConfig>, not <${name}>`)
  return importClientConfig(new ElementReader(root.value, file, report))
}
