import { dirname, relative } from 'node:path'
import ts from 'typescript'
import { type DeclarationFiles, importedFrom, isAllowed, programOf } from './declaration-files.ts'

/**
 * The same declarations without the types of bundled packages, which the user does not have. A type that is inferred from a
 * schema, like `z.infer<typeof section>`, is written out. Any other type of such a package becomes `unknown`.
 */
export function selfContained(files: DeclarationFiles, folder: string): DeclarationFiles {
  const program = programOf(files, folder)
  const checker = program.getTypeChecker()
  const mentions = bundledMentions(files, checker)
  const result = new Map<string, string>()
  for (const file of files.keys()) {
    const source = program.getSourceFile(file)
    if (!source) continue
    const changes = source.statements.flatMap((statement) =>
      ts.isTypeAliasDeclaration(statement) && !statement.typeParameters && mentions(statement.type)
        ? [{ node: statement.type, text: writtenOut(statement, checker) }]
        : outermost(statement, mentions).map((node) => ({ node, text: 'unknown' })),
    )
    let text = source.text
    for (const { node, text: replacement } of changes.reverse()) {
      text = text.slice(0, node.getStart(source)) + replacement + text.slice(node.end)
    }
    result.set(file, text)
  }
  return result
}

type Mentions = (node: ts.Node) => boolean

/** Does a type use a name of a bundled package, itself or through our generic aliases and constants? */
function bundledMentions(files: DeclarationFiles, checker: ts.TypeChecker): Mentions {
  const known = new Map<ts.Node, boolean>()
  const ofDeclaration = (declaration: ts.Node): boolean => {
    const module = importedFrom(declaration)
    if (module !== undefined && !isAllowed(module)) return true
    // Other aliases are written out, and a reference to them stays.
    const generic = ts.isTypeAliasDeclaration(declaration) && declaration.typeParameters
    if (!generic && !ts.isVariableDeclaration(declaration)) return false
    return files.has(declaration.getSourceFile().fileName) && mentions(declaration)
  }
  const mentions = (node: ts.Node): boolean => {
    const before = known.get(node)
    if (before !== undefined) return before
    // A type that refers to itself ends here.
    known.set(node, false)
    const found =
      (ts.isIdentifier(node) && declarationsOf(node, checker).some(ofDeclaration)) ||
      (ts.forEachChild(node, (child) => mentions(child) || undefined) ?? false)
    known.set(node, found)
    return found
  }
  return mentions
}

/** Where a name is imported, and where it is declared. */
function declarationsOf(name: ts.Identifier, checker: ts.TypeChecker): readonly ts.Declaration[] {
  const symbol = checker.getSymbolAtLocation(name)
  if (!symbol) return []
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  return [...(symbol.declarations ?? []), ...(target.declarations ?? [])]
}

/** The outermost references to types of bundled packages: in `Map<string, z.ZodType>` the second argument. */
function outermost(node: ts.Node, mentions: Mentions): ts.Node[] {
  if (ts.isTypeReferenceNode(node) && mentions(node.typeName)) return [node]
  if (ts.isTypeQueryNode(node) && mentions(node.exprName)) return [node]
  const found: ts.Node[] = []
  ts.forEachChild(node, (child) => {
    found.push(...outermost(child, mentions))
  })
  return found
}

const printer = ts.createPrinter()

function writtenOut(alias: ts.TypeAliasDeclaration, checker: ts.TypeChecker): string {
  const { NoTruncation, InTypeAlias, MultilineObjectLiterals } = ts.NodeBuilderFlags
  const flags = NoTruncation | InTypeAlias | MultilineObjectLiterals
  const node = checker.typeToTypeNode(checker.getTypeAtLocation(alias.name), alias, flags)
  if (!node) throw new Error(`the type ${alias.name.text} cannot be written out`)
  const source = alias.getSourceFile()
  return printer
    .printNode(ts.EmitHint.Unspecified, node, source)
    .replace(/import\("(\/[^"]+)"\)/g, (_, file: string) => `import("${specifier(source.fileName, file)}")`)
}

/** The compiler names modules by their absolute path. */
function specifier(from: string, to: string): string {
  const path = relative(dirname(from), to)
  return `${path.startsWith('.') ? '' : './'}${path.replace(/(\.d)?\.ts$/, '')}.js`
}
