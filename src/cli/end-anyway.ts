type Output = Pick<NodeJS.WriteStream, 'writableLength'>

/**
 * Calls `exit` if something keeps the process alive although its work is done, such as a file system that does not answer, unless it
 * is output that waits for its reader. `interval` is in milliseconds.
 */
export function endAnyway(
  { stdout, stderr }: { readonly stdout: Output; readonly stderr: Output },
  exit: () => void,
  interval = 2000,
): void {
  setInterval(() => {
    if (stdout.writableLength + stderr.writableLength === 0) exit()
  }, interval).unref()
}
