export const plainText = 'text/plain; charset=utf-8'

/** Methods of a path, as `Allow` lists them. */
export const allowedMethods = (takesPost: boolean): string =>
  takesPost ? 'GET, HEAD, POST, OPTIONS' : 'GET, HEAD, OPTIONS'

/** Any web page may ask. */
export const cors = ['Access-Control-Allow-Origin', '*'] as const

/** What the public ISPDB says with every answer, beside that. */
export const ispdbCors = [
  ...['Access-Control-Allow-Methods', allowedMethods(false)],
  ...['Access-Control-Max-Age', '86400'],
] as const

/** The answer to OPTIONS (Fetch, "CORS-preflight"). XML in a POST is what a browser asks leave for. */
export const preflight = (takesPost: boolean) => ({
  Allow: allowedMethods(takesPost),
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': allowedMethods(takesPost),
  ...(takesPost ? { 'Access-Control-Allow-Headers': 'Content-Type' } : {}),
  'Access-Control-Max-Age': '86400',
})
