import { isDeepStrictEqual } from 'node:util'
import { type Check, checkOf } from '../../checks/check.ts'
import type { Domain } from '../../model/address.ts'
import type { Resolver } from '../../resolver/resolver.ts'
import { type Explanation, explainAsked } from '../explain/explanation.ts'
import { type AdminListener, askRunning } from '../explain/running.ts'

/** The parts of an explanation that the files decide. */
const parts = ['servedBy', 'host', 'servers', 'webmail', 'enable', 'limits', 'moves', 'urls'] as const

/** Does the running server serve what the files say? */
export async function checkRunning(
  domain: Domain,
  resolver: Resolver,
  listener: AdminListener,
): Promise<Check> {
  const check = checkOf('running-differs', domain, 'the running server serves what the files say')
  const [answer, files] = await Promise.all([
    askRunning(domain, listener),
    explainAsked({ domain, requestHost: domain }, resolver),
  ])
  if (!answer.ok) return check.untested(answer.error, 'start the server, or name its admin listener')
  const running = answer.value
  const plain = JSON.parse(JSON.stringify(files)) as Explanation
  const different = parts.filter((part) => !isDeepStrictEqual(running[part], plain[part]))
  return different.length === 0
    ? check.ok('the same settings')
    : check.problem(
        `other ${different.join(', ')}`,
        'look at /readyz and the log: the server may have rejected the files, or reads other ones',
      )
}
