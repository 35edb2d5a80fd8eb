/**
 * What stands in no line of text: control characters, line breaks and what is no character. XML could not hold most of it
 * (XML 1.0, section 2.2).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds
const foreign = /[\x00-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/u

/** Is it one line of text, as XML, mail and a person can hold it? */
export const isOneLine = (text: string): boolean => !foreign.test(text)
