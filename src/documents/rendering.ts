/** The bytes of an answer. */
export interface Rendering {
  /**
   * Bytes, or a string with one character for each byte. Such a string is written as Latin-1, which is several times faster in
   * Node.js than UTF-8, although the bytes are UTF-8.
   */
  readonly body: string | Uint8Array
  /** In bytes. */
  readonly length: number
  /** A strong ETag, in quotes. Two different bodies of a URL never have the same one. */
  readonly etag: string
}

export function bytesOf({ body }: Pick<Rendering, 'body'>): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body, 'latin1') : body
}
