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

/** Do the CAA records of a name, or of the nearest name above it, allow the authority that issued its certificate? */
export async function checkCaa(host: string, issuer: string, { names }: Network): Promise<Check> {
  const authority = authorities.find(([pattern]) => pattern.test(issuer))?.[1]
  const check = checkOf('caa-forbids-authority', `CAA ${host}`, `${authority ?? issuer} allowed`)
  for (let name = host; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
    const answer = await names('CAA', name)
    if (!answer.ok && !answer.error.isCertain)
      return check.untested(answer.error.why, 'authorities issue nothing until the name servers answer')
    if (!answer.ok) continue
    const allowed = answer.value.map((value) => value.split(';')[0]?.trim())
    const seen = `${name}: ${answer.value.join(', ') || 'no restriction'}`
    if (allowed.length === 0 || allowed.includes(authority)) return check.ok(seen)
    if (authority === undefined) return check.info(`${seen}; compare it with the authority that you use`)
    return check.problem(seen, `publish ${name}. CAA 0 issue "${authority}", or renewals fail`)
  }
  return check.ok('no CAA records')
}
