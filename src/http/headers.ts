export const plainText = 'text/plain; charset=utf-8'

export const allowedMethods = 'GET, HEAD, OPTIONS'

/** The answer to OPTIONS: any web page may ask (Fetch, "CORS-preflight"). */
export const preflight = {
  Allow: allowedMethods,
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': allowedMethods,
  'Access-Control-Max-Age': '86400',
} as const
