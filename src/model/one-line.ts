/**
 * Control characters, line breaks and code points that are not characters. Most of them are not allowed in XML (XML 1.0,
 * section 2.2).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it has to find control characters
const notInLine = /[\x00-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/u

/** For a terminal, which obeys control characters and reorders text at others. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\ufffd')

/** Is the text a single line that XML and mail can contain? */
export const isOneLine = (text: string): boolean => !notInLine.test(text)
