const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
}

/** Why a file cannot be read, in words for the admin. */
export const readFailure = ({ code, message }: NodeJS.ErrnoException): string =>
  reasons[String(code)] ?? message
