import { Challenges } from '../acme/challenges.ts'
import { paths } from '../model/paths.ts'
import { errorResponse, errorTexts } from './response.ts'
import type { Route } from './route.ts'

/**
 * HTTP-01 challenges (RFC 8555, section 8.3), at every host name. The answer is the same for any client: it contains a digest of the
 * public key of the admin's account, and only that account can use it, for names that lead here.
 */
export function challengeRoute(challenges = new Challenges()): Route {
  return {
    path: `${paths.acmeChallenge}/:token`,
    takesPost: false,
    isBusy: false,
    async answer({ parameter }, { config: { acme } }) {
      const body = acme && (await challenges.answer(parameter as string, acme))
      if (!body) return errorResponse(404, errorTexts.unknownPath)
      return {
        status: 200,
        headers: [
          ...['Content-Type', 'application/octet-stream', 'Content-Length', String(body.length)],
          ...['Cache-Control', 'no-store', 'X-Content-Type-Options', 'nosniff'],
        ],
        body,
      }
    },
  }
}
