import { join } from 'node:path'
import ts from 'typescript'
import { type DeclarationFiles, programOf } from './declaration-files.ts'

/** Only the declarations that the exports of `index.d.ts` need, directly or not. */
export function reached(files: DeclarationFiles, folder: string): DeclarationFiles {
  const program = programOf(files, folder)
  const needed = neededPieces(files, program, join(folder, 'index.d.ts'))
  const result = new Map<string, string>()
  for (const file of files.keys()) {
    const source = program.getSourceFile(file)
    const kept = source?.statements.flatMap((statement) => keep(statement, needed, source)) ?? []
    if (kept.length > 0)
      result.set(file, `${kept.join('\n').replace(/(['"]\.[^'"\n]*)\.ts(['"])/g, '$1.js$2')}\n`)
  }
  return result
}

function neededPieces(files: DeclarationFiles, program: ts.Program, index: string): ReadonlySet<ts.Node> {
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(index)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) throw new Error('src/index.ts exports nothing')

  const needed = new Set<ts.Node>()
  const need = (piece: ts.Node): void => {
    needed.add(piece)
    follow(piece)
  }
  const followSymbol = (symbol: ts.Symbol): void => {
    for (const declaration of symbol.declarations ?? []) {
      const piece = pieceOf(declaration)
      if (needed.has(piece) || !files.has(declaration.getSourceFile().fileName)) continue
      need(piece)
      // What a module adds to Fastify's types holds as soon as the module is imported.
      for (const statement of declaration.getSourceFile().statements) {
        if (ts.isModuleDeclaration(statement) && !needed.has(statement)) need(statement)
      }
    }
    if (!(symbol.flags & ts.SymbolFlags.Alias)) return
    const next = checker.getImmediateAliasedSymbol(symbol)
    if (next) followSymbol(next)
  }
  const follow = (node: ts.Node): void => {
    const symbol = ts.isIdentifier(node) && checker.getSymbolAtLocation(node)
    if (symbol) followSymbol(symbol)
    ts.forEachChild(node, follow)
  }
  for (const symbol of checker.getExportsOfModule(module)) followSymbol(symbol)
  return needed
}

/** What is kept or dropped as one: a statement, or one name of an import or export. */
function pieceOf(declaration: ts.Node): ts.Node {
  return ts.findAncestor(declaration, (node) => isName(node) || ts.isSourceFile(node.parent)) ?? declaration
}

const isName = (node: ts.Node): boolean =>
  ts.isImportSpecifier(node) ||
  ts.isExportSpecifier(node) ||
  ts.isNamespaceImport(node) ||
  ts.isImportClause(node)

const printer = ts.createPrinter()

/** The text of a statement, of what is needed of it, or nothing. */
function keep(statement: ts.Statement, needed: ReadonlySet<ts.Node>, source: ts.SourceFile): string[] {
  if (needed.has(statement)) return [statement.getFullText(source).trim()]
  const rest = ts.isImportDeclaration(statement)
    ? neededImport(statement, needed)
    : ts.isExportDeclaration(statement)
      ? neededExport(statement, needed)
      : undefined
  return rest ? [printer.printNode(ts.EmitHint.Unspecified, rest, source)] : []
}

function neededImport(
  statement: ts.ImportDeclaration,
  needed: ReadonlySet<ts.Node>,
): ts.ImportDeclaration | undefined {
  const { modifiers, importClause: clause, moduleSpecifier, attributes } = statement
  if (!clause) return undefined
  const name = needed.has(clause) ? clause.name : undefined
  const bindings = neededBindings(clause.namedBindings, needed)
  if (!name && !bindings) return undefined
  const { factory } = ts
  const kept = factory.updateImportClause(clause, clause.phaseModifier, name, bindings)
  return factory.updateImportDeclaration(statement, modifiers, kept, moduleSpecifier, attributes)
}

function neededBindings(
  bindings: ts.NamedImportBindings | undefined,
  needed: ReadonlySet<ts.Node>,
): ts.NamedImportBindings | undefined {
  if (!bindings) return undefined
  if (ts.isNamespaceImport(bindings)) return needed.has(bindings) ? bindings : undefined
  const elements = bindings.elements.filter((element) => needed.has(element))
  return elements.length > 0 ? ts.factory.updateNamedImports(bindings, elements) : undefined
}

function neededExport(
  statement: ts.ExportDeclaration,
  needed: ReadonlySet<ts.Node>,
): ts.ExportDeclaration | undefined {
  const { modifiers, isTypeOnly, exportClause: clause, moduleSpecifier, attributes } = statement
  if (!clause || !ts.isNamedExports(clause)) return statement
  const elements = clause.elements.filter((element) => needed.has(element))
  if (elements.length === 0) return undefined
  const { factory } = ts
  const kept = factory.updateNamedExports(clause, elements)
  return factory.updateExportDeclaration(statement, modifiers, isTypeOnly, kept, moduleSpecifier, attributes)
}
