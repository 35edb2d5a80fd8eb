import type { Passage } from './passages.ts'

/** A pattern in lower case, in which a space stands for any white space, and what to write instead. */
export type Rule = readonly [pattern: RegExp, instead: string]

/** Sentences of some files that are allowed, and why. */
export type Exception = readonly [file: RegExp, sentence: RegExp, reason: string]

export interface Rules {
  /** Words and phrases, wherever they are. */
  readonly phrases: readonly Rule[]
  /** Whole sentences. */
  readonly sentences: readonly Rule[]
  readonly exceptions: readonly Exception[]
}

/** Finds what is against the rules. Each finding is a line: `file:line "words" (write: words) in: sentence`. */
export function finder(rules: Rules): (passages: Iterable<Passage>) => string[] {
  const phrases = rules.phrases.map(([pattern, instead]) => [anySpace(pattern, 'gi'), instead] as const)
  const sentences = rules.sentences.map(([pattern, instead]) => [anySpace(pattern, 'i'), instead] as const)

  function* matches(prose: string): Generator<{ offset: number; words: string; instead: string }> {
    for (const [pattern, instead] of phrases) {
      for (const { 0: words, index } of prose.matchAll(pattern)) yield { offset: index, words, instead }
    }
    for (const { 0: sentence, index } of prose.matchAll(sentencePattern)) {
      for (const [pattern, instead] of sentences) {
        const [words] = pattern.exec(sentence) ?? []
        if (words !== undefined) yield { offset: index, words, instead }
      }
    }
  }

  function* findings({ file, line, text }: Passage): Generator<string> {
    // Names of code, settings and commands are not prose. The same length keeps the offsets.
    const prose = text.replace(/`[^`]*`/g, (code) => code.replace(/\S/g, '·'))
    for (const { offset, words, instead } of [...matches(prose)].sort((a, b) => a.offset - b.offset)) {
      const sentence = sentenceAt(text, prose, offset)
      if (rules.exceptions.some(([name, pattern]) => name.test(file) && pattern.test(sentence))) continue
      const place = `${file}:${line + text.slice(0, offset).split('\n').length - 1}`
      yield `${place} "${oneLine(words)}" (write: ${instead}) in: ${sentence}`
    }
  }

  return (passages) => [...passages].flatMap((passage) => [...findings(passage)])
}

const anySpace = (pattern: RegExp, flags: string): RegExp =>
  new RegExp(pattern.source.replaceAll(' ', '\\s+'), flags)

/** From a first letter to the next full stop, exclamation mark or question mark before white space. */
const sentencePattern = /[\p{L}\p{N}·].*?(?:[.!?](?=[\s"')*_]|$)|$(?![\s\S]))/gsu

/** The sentence that an offset is in, on one line. */
function sentenceAt(text: string, prose: string, offset: number): string {
  for (const { 0: sentence, index } of prose.matchAll(sentencePattern)) {
    if (offset < index + sentence.length) return oneLine(text.slice(index, index + sentence.length))
  }
  return oneLine(text)
}

const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ')
