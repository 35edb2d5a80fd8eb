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
