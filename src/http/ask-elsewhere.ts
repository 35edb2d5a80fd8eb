import type { HttpSettings } from '../config/schema.ts'
import { type Found, isDocument, isResolution } from '../resolver/resolution.ts'
import { plainText } from './headers.ts'
import { confidentialResponse, errorTexts, type HttpResponse } from './response.ts'

/** Seconds. By then a source that is down is asked again. */
const retryAfter = '5'

/** If nothing is known of the domain now, and the admin prefers a balancer that asks another replica: a 503. */
export function askElsewhere(found: Found, { uncertainStatus }: HttpSettings): HttpResponse | undefined {
  if (found.certain || uncertainStatus !== 503 || isDocument(found)) return undefined
  if (isResolution(found) && found.reason.kind !== 'backendUnavailable') return undefined
  const response = confidentialResponse(503, plainText, errorTexts.uncertain)
  response.headers.push('Retry-After', retryAfter)
  return response
}
