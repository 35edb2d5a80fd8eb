import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import { type EmailAddress, formatEmailAddress, parseEmailAddress } from '../model/address.ts'
import { isOneLine } from '../model/one-line.ts'
import type { LinkKey, LinksConfig } from './link-keys.ts'

/** Whom a personal link is for. */
export interface LinkedPerson {
  readonly address: EmailAddress
  readonly login?: string | undefined
  readonly realName?: string | undefined
}

/** Loaded for the first link: most who serve have none. */
const jose = () => import('jose')

/** What a token is for (RFC 8725, section 3.11): none that was signed for another purpose is taken. */
const type = 'mail-setup+jwt'

/** The longest name or login that a link may say. */
const longestText = 255

/**
 * Personal set-up links: `<url>/setup/<token>`. The token is a JWS (RFC 7515, RFC 7519): `sub` is the address, `exp` the
 * end, `login` and `name` what there is to say of the person. It is signed and not secret: whoever has the link can read it.
 */
export class SetupLinks {
  readonly #config: LinksConfig
  readonly #now: () => number
  readonly #keys: readonly {
    readonly key: LinkKey
    readonly signing?: KeyObject
    readonly verifying: KeyObject
  }[]

  /** `now` gives milliseconds since 1970. */
  constructor(config: LinksConfig, now: () => number) {
    this.#config = config
    this.#now = now
    this.#keys = config.keys.map((key) => ({ key, ...keyObjects(key) }))
  }

  /** Can it make links, or only read those of others? */
  get canSign(): boolean {
    return this.#keys.some(({ signing }) => signing)
  }

  /** The link for a person, good for so many seconds. */
  async make({ address, login, realName }: LinkedPerson, seconds: number): Promise<string> {
    const signer = this.#keys.find(({ signing }) => signing)
    /* c8 ignore next -- the command line asks before */
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
    return `${this.#config.url}/setup/${token}`
  }

  /** Whom the link of a token is for; `undefined` for one that is forged, altered, expired or of no key of ours. */
  async read(token: string): Promise<LinkedPerson | undefined> {
    const { errors, jwtVerify } = await jose()
    try {
      const { payload } = await jwtVerify(
        token,
        ({ kid, alg }) => {
          const found = this.#keys.find(({ key }) => key.kid === kid && key.alg === alg)
          if (!found) throw new errors.JWSInvalid('none of our keys')
          return found.verifying
        },
        {
          typ: type,
          requiredClaims: ['sub', 'exp'],
          clockTolerance: this.#config.leeway,
          currentDate: new Date(this.#now()),
        },
      )
      // It is among what is required.
      const address = parseEmailAddress(payload.sub as string)
      return address && { address, login: textOf(payload['login']), realName: textOf(payload['name']) }
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined
      /* c8 ignore next 2 -- jose says all that may be wrong with a token so; what else there is would be a bug */
      throw error
    }
  }
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

/** A line of text that a panel says; anything else is as good as not said. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= longestText && isOneLine(value)
    ? value
    : undefined
