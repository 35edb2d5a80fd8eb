import { register } from 'node:module'
import type { Test } from 'tap'

const hooks = `
  let packages
  export function initialize(data) { packages = data }
  export async function resolve(specifier, context, next) {
    if (packages.broken[0] && specifier === packages.name) throw new Error('a part is missing\\nof which more is said')
    return next(specifier, context)
  }`

/** Until the test ends, a package that is not loaded yet cannot be imported. */
export function breakDriver(t: Test, name: string): void {
  const broken = new Int32Array(new SharedArrayBuffer(4)).fill(1)
  register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: { name, broken } })
  t.teardown(() => broken.fill(0))
}
