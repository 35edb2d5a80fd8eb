/**
 * `npm run declarations`: dist/types/, the TypeScript declarations of the library. `tsc` alone writes a declaration for each
 * module of the program, and they import bundled packages, which the user does not have. So only those that `src/index.ts`
 * reaches are written, without the types of bundled packages. They type-check in the user's application, with
 * `skipLibCheck` or without.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { type DeclarationFiles, programOf } from './declaration-files.ts'
import { reached } from './reached.ts'
import { selfContained } from './self-contained.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = join(root, 'src')
const folder = join(root, 'dist', 'types')

const { files: emitted, diagnostics } = emit()
const files = reached(selfContained(emitted, folder), folder)
const errors = [...diagnostics.filter(isAboutLibrary), ...programErrors()]
if (errors.length > 0) {
  console.error(ts.formatDiagnostics(errors, ts.createCompilerHost({})))
  process.exit(1)
}
rmSync(folder, { recursive: true, force: true })
for (const [file, text] of files) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** What `tsc` writes, in memory. */
function emit(): { readonly files: DeclarationFiles; readonly diagnostics: readonly ts.Diagnostic[] } {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const program = ts.createProgram([join(sources, 'index.ts')], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: sources,
    outDir: folder,
  })
  const files = new Map<string, string>()
  const { diagnostics } = program.emit(undefined, (file, text) => files.set(file, text))
  return { files, diagnostics }
}

/** Only declarations that the library reaches need types that can be written to a file. */
function isAboutLibrary({ file }: ts.Diagnostic): boolean {
  return !file || files.has(join(folder, relative(sources, file.fileName)).replace(/\.ts$/, '.d.ts'))
}

/** What a user's compiler would say of our declarations. */
function programErrors(): ts.Diagnostic[] {
  const program = programOf(files, folder)
  return [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file)
    return source
      ? [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      : []
  })
}
