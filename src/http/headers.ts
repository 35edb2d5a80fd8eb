export const plainText = 'text/plain; charset=utf-8'

/** The value of `Allow`. */
export const allowedMethods = (takesPost: boolean): string =>
  takesPost ? 'GET, HEAD, POST, OPTIONS' : 'GET, HEAD, OPTIONS'

/** Any web page may read the answer. */
export const cors = ['Access-Control-Allow-Origin', '*'] as const

/** The public ISPDB has these in every answer as well. */
export const ispdbCors = [
  ...['Access-Control-Allow-Methods', allowedMethods(false)],
  ...['Access-Control-Max-Age', '86400'],
] as const

/** The headers of an answer to OPTIONS (Fetch, "CORS-preflight"). A browser asks before a POST with XML. */
export const preflight = (takesPost: boolean): Record<string, string> => ({
  Allow: allowedMethods(takesPost),
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': allowedMethods(takesPost),
  ...(takesPost ? { 'Access-Control-Allow-Headers': 'Content-Type' } : {}),
  'Access-Control-Max-Age': '86400',
})

/** A page loads nothing from elsewhere and nothing inline, and no other page may frame it (Content Security Policy Level 3). */
const contentSecurityPolicy = [
  "default-src 'none'",
  ...['style-src', 'script-src', 'img-src', 'form-action'].map((directive) => `${directive} 'self'`),
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Of pages, and of the files that they load: a logo in SVG that is opened by itself runs no script. */
export const pageHeaders = [
  ...['Content-Security-Policy', contentSecurityPolicy],
  ...['X-Content-Type-Options', 'nosniff', 'Referrer-Policy', 'no-referrer'],
] as const

/**
 * Of a response that, perhaps with its URL, is about one person: no cache may store it, no search engine may list it, and no
 * browser may put its URL in a `Referer`.
 */
export const confidentialHeaders = [
  ...['Cache-Control', 'no-store', ...cors],
  ...['X-Robots-Tag', 'noindex', 'Referrer-Policy', 'no-referrer', 'X-Content-Type-Options', 'nosniff'],
] as const
