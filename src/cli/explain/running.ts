import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { failure, type Result, success } from '../../model/result.ts'
import type { Explanation } from './explanation.ts'

export interface AdminListener {
  readonly adminHost: string
  readonly adminPort: number
  /** The path of a unix socket in place of host and port. */
  readonly adminSocket?: string | undefined
}

/** In milliseconds: longer than a source may take. */
const timeout = 30_000

/** The explanation of the running server, from its admin listener. */
export async function askRunning(asked: string, listener: AdminListener): Promise<Result<Explanation>> {
  const name = nameOf(listener)
  try {
    const answer = await get(listener, `/explain?address=${encodeURIComponent(asked)}`)
    const body = await text(answer)
    if (answer.statusCode === 200) return success(JSON.parse(body) as Explanation)
    const [firstLine = ''] = body.split('\n')
    return failure(`the admin listener ${name} answers ${answer.statusCode}: ${firstLine.slice(0, 200)}`)
  } catch {
    return failure(
      `no admin listener answers at ${name}: is the server running, and are ${options(listener)} those of "serve"?`,
    )
  }
}

const get = ({ adminHost, adminPort, adminSocket }: AdminListener, path: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const where =
      adminSocket === undefined ? { host: adminHost, port: adminPort } : { socketPath: adminSocket }
    request({ ...where, path, agent: false, signal: AbortSignal.timeout(timeout) }, resolve)
      .on('error', reject)
      .end()
  })

function nameOf({ adminHost, adminPort, adminSocket }: AdminListener): string {
  if (adminSocket !== undefined) return `unix:${adminSocket}`
  return `http://${adminHost.includes(':') ? `[${adminHost}]` : adminHost}:${adminPort}`
}

const options = ({ adminSocket }: AdminListener): string =>
  adminSocket === undefined
    ? '--admin-host and --admin-port'
    : '--admin-socket and the permissions of the socket'
