import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { SecureContext } from 'node:tls'
import { deadline } from '../checks/deadline.ts'
import type { WebhookSettings } from '../config/read-watch.ts'
import { failure, type Result, success } from '../model/result.ts'
import { version } from '../version.ts'
import type { Deliver } from './sender.ts'

/**
 * Sends a message to a URL by POST. The certificate is verified, a redirect is a failure, and the body of the answer is not read. The
 * URL may be a secret, so errors do not contain it.
 */
export const webhook =
  ({ url, token, timeout }: WebhookSettings, secureContext: () => SecureContext): Deliver =>
  (message, signal) => {
    const isSecure = url.startsWith('https:')
    const body = JSON.stringify(message)
    return new Promise<Result<void>>((resolve) => {
      const request = (isSecure ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        agent: false,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': `mail-autoconfig/${version}`,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        signal: deadline(timeout, signal),
        ...(isSecure && { secureContext: secureContext() }),
      } as object)
      request.on('error', ({ code }: NodeJS.ErrnoException) =>
        resolve(failure(code === 'ABORT_ERR' ? 'no answer in time' : `no connection (${code})`)),
      )
      request.on('response', (response) => {
        const status = response.statusCode as number
        // Nobody reads more of it.
        response.destroy()
        resolve(outcomeOf(status))
      })
      request.end(body)
    })
  }

function outcomeOf(status: number): Result<void> {
  if (status >= 200 && status < 300) return success(undefined)
  return status >= 300 && status < 400
    ? failure(`status ${status}: redirects are not followed; configure the final URL`)
    : failure(`status ${status}`)
}
