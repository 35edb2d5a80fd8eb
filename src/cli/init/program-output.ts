import { execFile } from 'node:child_process'

/** Milliseconds: a program that reads its own configuration is quicker, unless a directory is on a file system that hangs. */
const timeout = 10_000

/** Bytes. `postconf` and `doveconf -n` print a few kilobytes. */
const maxBuffer = 4_000_000

/** Where Postfix and Dovecot are, although the PATH of most users does not contain these directories. */
const systemDirectories = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin']

/**
 * The standard output of a program, which is run without a shell. `undefined` if there is no such program, if it fails, or if it takes
 * too long.
 */
export function programOutput(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const PATH = [env['PATH'], ...systemDirectories].filter(Boolean).join(':')
  return new Promise((resolve) => {
    execFile(program, args, { env: { ...env, PATH }, timeout, maxBuffer }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    )
  })
}
