import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** A piece of text that people read: a paragraph, a table cell, a comment, a message. */
export interface Passage {
  readonly file: string
  /** The line of its first character. */
  readonly line: number
  readonly text: string
}

/** Headings, paragraphs, list items and table cells; of the code blocks their comments, or all of a block without a language. */
export function* passagesOfMarkdown(file: string, text = readFileSync(file, 'utf8')): Generator<Passage> {
  let paragraph: { line: number; lines: string[] } | undefined
  let fence: { line: number; language: string; lines: string[] } | undefined
  const finished = (): Passage[] => {
    const done = paragraph && [{ file, line: paragraph.line, text: paragraph.lines.join('\n') }]
    paragraph = undefined
    return done ?? []
  }
  for (const [index, line] of `${text}\n`.split('\n').entries()) {
    const [, language] = /^```(\w*)/.exec(line) ?? []
    if (fence) {
      if (language === undefined) fence.lines.push(line)
      else {
        if (fence.language !== '') yield* passagesOfHashComments(file, fence.lines.join('\n'), fence.line)
        else yield { file, line: fence.line, text: fence.lines.join('\n') }
        fence = undefined
      }
    } else if (language !== undefined) {
      yield* finished()
      fence = { line: index + 2, language, lines: [] }
    } else if (line.startsWith('|')) {
      yield* finished()
      for (const cell of line.split(/(?<!\\)\|/)) yield { file, line: index + 1, text: cell }
    } else {
      if (/^(#|\s*(-|\d+\.) |$)/.test(line)) yield* finished()
      paragraph ??= { line: index + 1, lines: [] }
      paragraph.lines.push(line.replace(/^(#+|> ?-?|\s*(-|\d+\.)) ?/, ''))
    }
  }
  yield* finished()
}

/** Comments that begin with `#`, as in YAML, shell and the configuration of web servers; those on consecutive lines as one. */
export function* passagesOfHashComments(
  file: string,
  text = readFileSync(file, 'utf8'),
  firstLine = 1,
): Generator<Passage> {
  const comments: Passage[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const [, code = '', comment] = /^(|.*?\s)#\s?(.*)$/.exec(line) ?? []
    if (comment === undefined) continue
    const passage = { file, line: firstLine + index, text: comment }
    if (code.trim() === '') comments.push(passage)
    else yield passage
  }
  yield* joined(comments)
}

/** The descriptions in a JSON Schema that is printed with one property on a line. */
export function* passagesOfSchema(file: string): Generator<Passage> {
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    const [, description] = /^\s*"description": (".*"),?$/.exec(line) ?? []
    if (description) yield { file, line: index + 1, text: JSON.parse(description) }
  }
}

/** Strings and templates with more than one word. Texts in other languages than English are under a key such as `fr`. */
export function* passagesOfStrings(file: string, text = readFileSync(file, 'utf8')): Generator<Passage> {
  const source = parse(file, text)
  function* visit(node: ts.Node): Generator<Passage> {
    if (ts.isPropertyAssignment(node) && /^(de|es|fr|it|nl|pt)$/.test(node.name.getText(source))) return
    const content = contentOf(node)
    if (content !== undefined && /\S\s+\S/.test(content)) {
      yield { file, line: lineOf(source, node.getStart(source)), text: content }
    }
    const children: ts.Node[] = []
    node.forEachChild((child) => void children.push(child))
    for (const child of children) yield* visit(child)
  }
  yield* visit(source)
}

/** Comments; those that begin with `//` on consecutive lines as one. */
export function passagesOfComments(file: string, text = readFileSync(file, 'utf8')): Passage[] {
  const source = parse(file, text)
  const ranges = new Map<number, ts.CommentRange>()
  const visit = (node: ts.Node): void => {
    const before = ts.getLeadingCommentRanges(text, node.pos) ?? []
    const after = ts.getTrailingCommentRanges(text, node.end) ?? []
    for (const range of [...before, ...after]) ranges.set(range.pos, range)
    // Tokens are visited too: a comment may be before a closing brace, which is no node.
    for (const child of node.getChildren(source)) if (!ts.isJSDoc(child)) visit(child)
  }
  visit(source)
  const lines: Passage[] = []
  const blocks: Passage[] = []
  for (const { pos, end, kind } of [...ranges.values()].sort((a, b) => a.pos - b.pos)) {
    const comment = text.slice(pos, end)
    const line = lineOf(source, pos)
    if (kind === ts.SyntaxKind.SingleLineCommentTrivia) {
      lines.push({ file, line, text: comment.replace(/^\/\/\s?/, '') })
    } else blocks.push({ file, line, text: comment.replace(/^\/\*+ ?|\s*\*\/$|(?<=\n)\s*\* ?/g, '') })
  }
  return [...blocks, ...joined(lines)].sort((a, b) => a.line - b.line)
}

const parse = (file: string, text: string): ts.SourceFile =>
  ts.createSourceFile(file, text, ts.ScriptTarget.ESNext)

const lineOf = (source: ts.SourceFile, position: number): number =>
  source.getLineAndCharacterOfPosition(position).line + 1

/** What a string says; an ellipsis in place of each expression. */
function contentOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text
  if (!ts.isTemplateExpression(node)) return undefined
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…')
}

/** Passages of consecutive lines as one. */
function joined(passages: readonly Passage[]): Passage[] {
  const result: Passage[] = []
  for (const passage of passages) {
    const last = result.at(-1)
    if (last && last.line + last.text.split('\n').length === passage.line) {
      result[result.length - 1] = { ...last, text: `${last.text}\n${passage.text}` }
    } else result.push(passage)
  }
  return result
}

/** The messages of a catalogue in Fluent. Values that are filled in are names of code. */
export function* passagesOfFluent(file: string, text = readFileSync(file, 'utf8')): Generator<Passage> {
  for (const [index, line] of text.split('\n').entries()) {
    const [, message] = /^[\w-]+ = (.*)$/.exec(line) ?? []
    if (message !== undefined)
      yield { file, line: index + 1, text: message.replace(/\{[^}]*\}/g, (value) => `\`${value.slice(2)}\``) }
  }
}
