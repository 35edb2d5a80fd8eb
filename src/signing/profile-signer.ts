import { formatDiagnostic } from '../model/diagnostic.ts'
import type { Signing } from './signing-identity.ts'

/** Whether what is sent is signed, and until when; or why not. */
export type SigningState =
  | { readonly signed: true; readonly validTo: Date }
  | { readonly signed: false; readonly problem: string }

/** `undefined` where the configuration asks for no signature. */
export function signingState(signing: Signing | undefined, now: Date): SigningState | undefined {
  if (!signing) return undefined
  if ('errors' in signing) return { signed: false, problem: signing.errors.map(formatDiagnostic).join('; ') }
  const { validFrom, validTo } = signing.identity
  const time = now.getTime()
  if (time < validFrom) return unsigned(`the certificate is valid only from ${day(validFrom)} on`)
  if (time > validTo) return unsigned(`the certificate has expired: ${day(validTo)}`)
  return { signed: true, validTo: new Date(validTo) }
}

const unsigned = (problem: string): SigningState => ({
  signed: false,
  problem: `apple.sign.certificate: ${problem}; profiles are sent unsigned`,
})

const day = (time: number): string => new Date(time).toISOString()

export interface ProfileSignerOptions {
  readonly now: () => Date
  /** Told once for each problem, when it first shows. */
  readonly onProblem: (problem: string) => void
}

/** Signs profiles as long as that can be done. A profile without a signature still sets up the account. */
export class ProfileSigner {
  readonly #options: ProfileSignerOptions
  #told: string | undefined

  constructor(options: ProfileSignerOptions) {
    this.#options = options
  }

  /** Tells of a problem that there is now, before anybody asks for a profile. */
  look(signing: Signing | undefined): SigningState | undefined {
    const state = signingState(signing, this.#options.now())
    const problem = state?.signed === false ? state.problem : undefined
    if (problem !== undefined && problem !== this.#told) this.#options.onProblem(problem)
    this.#told = problem
    return state
  }

  /** The content, signed; or as it is, where it is not to be, or cannot be. */
  async sign(content: Uint8Array, signing: Signing | undefined): Promise<Uint8Array> {
    if (!this.look(signing)?.signed || !signing || 'errors' in signing) return content
    // Loaded when first needed: most servers never sign.
    const { signCms } = await import('./cms.ts')
    return signCms(content, signing.identity)
  }
}
