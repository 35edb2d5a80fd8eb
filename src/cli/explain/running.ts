import { failure, type Result, success } from '../../model/result.ts'
import type { Explanation } from './explanation.ts'

export interface AdminListener {
  readonly adminHost: string
  readonly adminPort: number
}

/** In milliseconds: longer than a source may take. */
const timeout = 30_000

/** The explanation of the running server, from its admin listener. */
export async function askRunning(
  asked: string,
  { adminHost, adminPort }: AdminListener,
): Promise<Result<Explanation>> {
  const host = adminHost.includes(':') ? `[${adminHost}]` : adminHost
  const listener = `http://${host}:${adminPort}`
  try {
    const answer = await fetch(`${listener}/explain?address=${encodeURIComponent(asked)}`, {
      signal: AbortSignal.timeout(timeout),
      redirect: 'error',
    })
    if (answer.ok) return success((await answer.json()) as Explanation)
    return failure(`the admin listener ${listener} answers ${answer.status}: ${await firstLineOf(answer)}`)
  } catch {
    return failure(
      `no admin listener answers at ${listener}: is the server running, and are --admin-host and --admin-port those of "serve"?`,
    )
  }
}

const firstLineOf = async (answer: Response): Promise<string> =>
  ((await answer.text()).split('\n')[0] as string).slice(0, 200)
