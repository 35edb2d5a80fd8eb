import { type Check, checkOf } from './check.ts'
import type { Network } from './network.ts'

/** The issuer in certificates, and the name of the authority in CAA records. */
const authorities: readonly (readonly [issuer: RegExp, name: string])[] = [
  [/Let's Encrypt/, 'letsencrypt.org'],
  [/Google Trust Services/, 'pki.goog'],
  [/(Sectigo|ZeroSSL|COMODO)/i, 'sectigo.com'],
  [/DigiCert/, 'digicert.com'],
  [/GlobalSign/, 'globalsign.com'],
  [/Buypass/, 'buypass.com'],
  [/SSL Corp/, 'ssl.com'],
  [/Actalis/, 'actalis.it'],
  [/HARICA|Hellenic Academic/, 'harica.gr'],
]

/**
 * Do the CAA records of a name, or of the nearest name above it that has some, allow the authority that issued its certificate?
 * (RFC 8659, section 3: up to the top-level domain.)
 */
export async function checkCaa(host: string, issuer: string, { names }: Network): Promise<Check> {
  const authority = authorities.find(([pattern]) => pattern.test(issuer))?.[1]
  const check = checkOf('caa-forbids-authority', `CAA ${host}`, `${authority ?? issuer} allowed`)
  for (let name = host; name !== ''; name = parentOf(name)) {
    const answer = await names('CAA', name)
    if (!answer.ok && !answer.error.isCertain)
      return check.untested(answer.error.why, 'authorities issue nothing until the name servers answer')
    if (!answer.ok) continue
    const seen = `${name}: ${answer.value.join(', ')}`
    const allowed = answer.value.flatMap(authorityOf)
    if (allowed.length === 0) return check.ok(`${seen}: no restriction`)
    if (authority !== undefined && allowed.includes(authority)) return check.ok(seen)
    if (authority === undefined && allowed.some((one) => one !== ''))
      return check.info(`${seen}; compare it with the authority that you use`)
    return check.problem(
      seen,
      `publish ${name}. CAA 0 issue "${authority ?? 'the name of your authority'}", or renewals fail`,
    )
  }
  return check.ok('no CAA records')
}

const parentOf = (name: string): string => name.split('.').slice(1).join('.')

/** The authority that an `issue` property allows; empty if it allows none. */
function authorityOf(data: string): string[] {
  const [, value] = /^\d+ issue "([^;]*)/.exec(data) ?? []
  return value === undefined ? [] : [value.replace(/"$/, '').trim()]
}
