/**
 * Names without characters that nobody sees: those that change the direction of text and make a name look like another, and those of
 * no width. A joiner (U+200C and U+200D) stays where a script or an emoji requires it.
 */
export const withoutInvisible = (text: string): string =>
  text.replace(/\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffb]/gu, (char, at: number) =>
    isNeeded(char, text.slice(Math.max(0, at - 16), at), text.slice(at + char.length, at + 3)) ? char : '',
  )

export const hasInvisible = (text: string): boolean => withoutInvisible(text) !== text

// Each `follows` looks behind: in the V8 of Node.js 26, a class with a character beyond U+FFFF does not match it before `$`.
const isNeeded = (char: string, before: string, after: string): boolean =>
  exceptions.some(
    ({ chars, follows, precedes }) =>
      chars.test(char) && follows.test(before) && (precedes?.test(after) ?? true),
  )

/** Scripts whose letters join, or whose consonants form ligatures (Unicode, section 23.2). */
const joining =
  /(?<=[\p{Script=Arabic}\p{Script=Bengali}\p{Script=Devanagari}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Khmer}\p{Script=Malayalam}\p{Script=Mongolian}\p{Script=Myanmar}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Syriac}\p{Script=Tamil}\p{Script=Telugu}])$/u

/** A skin tone or the choice of a coloured picture may be in between. */
const emoji = /(?<=\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)$/u

const exceptions: readonly {
  readonly chars: RegExp
  readonly follows: RegExp
  readonly precedes?: RegExp
}[] = [
  // "می‌خواهم" of Persian; a joiner at the end of a word forms a chillu of Malayalam.
  { chars: /[\u200c\u200d]/, follows: joining },
  // Families and professions are several emoji.
  { chars: /\u200d/, follows: emoji, precedes: /^\p{Extended_Pictographic}/u },
  // Picture or text, after the digit of a keycap, too.
  { chars: /[\ufe0e\ufe0f]/, follows: /(?<=[\p{Extended_Pictographic}\d#*])$/u },
  // Vowels of Mongolian, and the variants of a Chinese character.
  { chars: /[\u180b-\u180f]/, follows: /(?<=\p{Script=Mongolian})$/u },
  { chars: /[\u{e0100}-\u{e01ef}]/u, follows: /(?<=\p{Script=Han})$/u },
  // The flags of England, Scotland and Wales.
  { chars: /[\u{e0020}-\u{e007f}]/u, follows: /(?<=\u{1f3f4}[\u{e0020}-\u{e007e}]{0,6})$/u },
]
