import { failure, type Result, success } from '../model/result.ts'

/** Where a store is, according to its URL. */
export interface StoreLocation {
  readonly host: string
  readonly port: number
  readonly user?: string
  readonly password?: string
  readonly database: number
}

const encrypted = new Map([
  ['redis:', false],
  ['rediss:', true],
])

/** Reads the URL of a store. The errors quote nothing of it, because it may contain a password. */
export function readStoreUrl(text: string): Result<StoreLocation & { readonly isEncrypted: boolean }> {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isEncrypted = url && encrypted.get(url.protocol)
  const database = /^\/?(\d{0,4})$/.exec(url?.pathname ?? '')?.[1]
  if (!url?.hostname || isEncrypted === undefined || database === undefined || url.search || url.hash)
    return failure(
      'must be a URL such as redis://localhost, redis://user@redis.example.org:6379/0 or rediss://…',
    )
  try {
    const [user, password] = [url.username, url.password].map(decodeURIComponent)
    return success({
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(url.port) || 6379,
      ...(user && { user }),
      ...(password && { password }),
      database: Number(database),
      isEncrypted,
    })
  } catch {
    return failure('contains an invalid percent-encoding; write % as %25')
  }
}
