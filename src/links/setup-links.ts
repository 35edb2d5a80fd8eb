import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import { type EmailAddress, formatEmailAddress, parseEmailAddress } from '../model/address.ts'
import { isOneLine } from '../model/one-line.ts'
import { paths } from '../model/paths.ts'
import { withoutInvisible } from '../model/visible-text.ts'
import type { LinkKey } from './link-keys.ts'
import type { LinksConfig } from './read-links.ts'

/** The person that a setup link is for. */
export interface LinkedPerson {
  readonly address: EmailAddress
  readonly login?: string | undefined
  readonly realName?: string | undefined
}

/** Loaded for the first link: most servers have no links. */
const jose = () => import('./jose.ts')

/** The purpose of a token (RFC 8725, section 3.11). A token that was signed for another purpose is rejected. */
const type = 'mail-setup+jwt'

/** The maximum length of a name or login name in a link. */
const longestText = 255

/**
 * Personal setup links: `<url>/setup/<token>`. The token is a JWS (RFC 7515, RFC 7519): `sub` is the address, `exp` the
 * expiry, `login` the login name and `name` the person's name. It is signed, not encrypted: anyone with the link can read it.
 */
export class SetupLinks {
  readonly #config: LinksConfig
  readonly #now: () => number
  readonly #keys: readonly {
    readonly key: LinkKey
    readonly signing?: KeyObject
    readonly verifying: KeyObject
  }[]

  /** `now` returns milliseconds since 1970. */
  constructor(config: LinksConfig, now: () => number) {
    this.#config = config
    this.#now = now
    this.#keys = config.keys.map((key) => ({ key, ...keyObjects(key) }))
  }

  /** Can it create links, or only read those of other systems? */
  get canSign(): boolean {
    return this.#keys.some(({ signing }) => signing)
  }

  /** The longest time that a link may be valid. */
  get maxDays(): number {
    return this.#config.maxDays
  }

  /** The link for a person, valid for a number of seconds. */
  async make({ address, login, realName }: LinkedPerson, seconds: number): Promise<string> {
    const signer = this.#keys.find(({ signing }) => signing)
    /* c8 ignore next -- callers check canSign first */
    if (!signer?.signing) throw new Error('none of the keys can sign')
    const issuedAt = Math.floor(this.#now() / 1000)
    const claims = {
      ...(login === undefined ? {} : { login }),
      ...(realName === undefined ? {} : { name: realName }),
    }
    const { SignJWT } = await jose()
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: signer.key.alg, kid: signer.key.kid, typ: type })
      .setSubject(formatEmailAddress(address))
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + seconds)
      .sign(signer.signing)
    return this.urlOf(token)
  }

  urlOf(token: string): string {
    return `${this.#config.url}${paths.setup}/${token}`
  }

  /** The person in a token; `undefined` if the token is forged, altered, expired or signed with an unknown key. */
  async read(token: string): Promise<LinkedPerson | undefined> {
    const { errors, jwtVerify } = await jose()
    try {
      const { payload } = await jwtVerify(
        token,
        ({ kid, alg }) => {
          const found = this.#keys.find(({ key }) => key.kid === kid && key.alg === alg)
          if (!found) throw new errors.JWSInvalid('unknown key')
          return found.verifying
        },
        {
          typ: type,
          requiredClaims: ['sub', 'exp'],
          clockTolerance: this.#config.leeway,
          currentDate: new Date(this.#now()),
        },
      )
      // Other systems can write anything into a claim: the library checks that there is a `sub`, not what it is.
      const { sub } = payload as { readonly sub: unknown }
      const address = typeof sub === 'string' && this.#isShort(payload) && parseEmailAddress(sub)
      if (!address) return undefined
      const name = textOf(payload['name'])
      return {
        address,
        login: textOf(payload['login']),
        realName: name && (withoutInvisible(name) || undefined),
      }
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined
      /* c8 ignore next 2 -- jose throws a JOSEError for every invalid token, so this would be a bug */
      throw error
    }
  }

  /** Is it valid for at most `maxDays`, from when it was made or from now? The library checks that times are numbers, and `exp` is required. */
  #isShort({ exp, iat }: Times): boolean {
    const now = this.#now() / 1000
    const begin = Math.min(iat ?? now, now)
    return (exp as number) - begin <= this.#config.maxDays * 86_400 + this.#config.leeway
  }
}

interface Times {
  readonly exp?: number
  readonly iat?: number
}

function keyObjects({ kind, bytes }: LinkKey): { signing?: KeyObject; verifying: KeyObject } {
  const der = Buffer.from(bytes)
  if (kind === 'secret') {
    const secret = createSecretKey(der)
    return { signing: secret, verifying: secret }
  }
  if (kind === 'public') return { verifying: createPublicKey({ key: der, format: 'der', type: 'spki' }) }
  const signing = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return { signing, verifying: createPublicKey(signing) }
}

/** A claim that is one line of text; anything else is ignored. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= longestText && isOneLine(value)
    ? value
    : undefined
