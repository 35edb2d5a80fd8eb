import { dirname, join } from 'node:path'
import ts from 'typescript'

/** Declaration files by their absolute path. They need not be on disk. */
export type DeclarationFiles = ReadonlyMap<string, string>

/** Modules that a declaration may import: ours, Node's, and Fastify, which the application that registers the plugin has. */
export const isAllowed = (module: string): boolean => /^(\.|node:|fastify$)/.test(module)

/** The declarations of packages and of the language do not change while the build runs. */
const parsed = new Map<string, ts.SourceFile | undefined>()

/** The program of `index.d.ts` in this folder, as a user's compiler would see it. */
export function programOf(files: DeclarationFiles, folder: string): ts.Program {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  }
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists, getSourceFile } = host
  const directories = new Set([folder, ...[...files.keys()].map(dirname)])
  host.readFile = (file) => files.get(file) ?? readFile(file)
  host.fileExists = (file) => files.has(file) || fileExists(file)
  host.directoryExists = (name) => directories.has(name) || ts.sys.directoryExists(name)
  host.getSourceFile = (file, version) => {
    const text = files.get(file)
    if (text !== undefined) return ts.createSourceFile(file, text, version, true)
    if (!parsed.has(file)) parsed.set(file, getSourceFile(file, version))
    return parsed.get(file)
  }
  return ts.createProgram([join(folder, 'index.d.ts')], options, host)
}

/** The module that a name is imported or re-exported from. */
export function importedFrom(declaration: ts.Node): string | undefined {
  const statement = ts.findAncestor(declaration, isImportOrExport)
  const module = statement?.moduleSpecifier
  return module && ts.isStringLiteral(module) ? module.text : undefined
}

const isImportOrExport = (node: ts.Node): node is ts.ImportDeclaration | ts.ExportDeclaration =>
  ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
