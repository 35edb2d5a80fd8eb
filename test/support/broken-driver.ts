import { register } from 'node:module'

/** From now on a package is found, but cannot be imported; for the whole process. */
export function breakDriver(name: string): void {
  const hooks = `
    export async function load(url, context, next) {
      if (url.includes('/node_modules/${name}/')) throw new Error('a part is missing\\nof which more is said')
      return next(url, context)
    }`
  register(`data:text/javascript,${encodeURIComponent(hooks)}`)
}
