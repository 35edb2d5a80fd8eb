/** An error in our own words: the message of a database may quote the address that was looked up. */
export class SqlError extends Error {
  override readonly name = 'SqlError'
}
