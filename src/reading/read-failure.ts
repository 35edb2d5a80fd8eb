const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
}

/** The reason why a file cannot be read, in words for people. */
export const readFailure = ({ code, message = '' }: Partial<NodeJS.ErrnoException>): string =>
  reasons[String(code)] ?? message
