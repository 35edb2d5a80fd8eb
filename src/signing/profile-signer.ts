import { formatDiagnostic } from '../model/diagnostic.ts'
import type { Signing } from './signing-identity.ts'

/** Whether profiles are signed, and until when; or why not. */
export type SigningState =
  | { readonly signed: true; readonly validTo: Date }
  | { readonly signed: false; readonly problem: string }

/** Returns `undefined` if the configuration does not ask for signatures. */
export function signingState(signing: Signing | undefined, now: Date): SigningState | undefined {
  if (!signing) return undefined
  if ('errors' in signing) return { signed: false, problem: signing.errors.map(formatDiagnostic).join('; ') }
  const { validFrom, validTo } = signing.identity
  const time = now.getTime()
  if (time < validFrom) return unsigned(`the certificate is not valid before ${timeOf(validFrom)}`)
  if (time > validTo) return unsigned(`the certificate expired at ${timeOf(validTo)}`)
  return { signed: true, validTo: new Date(validTo) }
}

const unsigned = (problem: string): SigningState => ({
  signed: false,
  problem: `apple.sign.certificate: ${problem}; profiles are sent unsigned`,
})

const timeOf = (time: number): string => new Date(time).toISOString()

export interface ProfileSignerOptions {
  readonly now: () => Date
  /** Called once for each problem, when it is first seen. */
  readonly onProblem: (problem: string) => void
}

/** Signs profiles while the certificate is valid. An unsigned profile still sets up the account. */
export class ProfileSigner {
  readonly #options: ProfileSignerOptions
  #reported: string | undefined

  constructor(options: ProfileSignerOptions) {
    this.#options = options
  }

  /** Reports a problem as soon as it exists, not only when a client asks for a profile. */
  look(signing: Signing | undefined): SigningState | undefined {
    const state = signingState(signing, this.#options.now())
    const problem = state?.signed === false ? state.problem : undefined
    if (problem !== undefined && problem !== this.#reported) this.#options.onProblem(problem)
    this.#reported = problem
    return state
  }

  /** Loads what the first signature needs. */
  async load(signing: Signing | undefined): Promise<void> {
    if (!signing || 'errors' in signing) return
    // Loaded on first use: most servers never sign.
    const { loadIdentity } = await import('./cms.ts')
    await loadIdentity(signing.identity)
  }

  /** Signs the content; returns it unsigned if signing is not configured or impossible. */
  async sign(content: Uint8Array, signing: Signing | undefined): Promise<Uint8Array> {
    if (!this.look(signing)?.signed || !signing || 'errors' in signing) return content
    const { signCms } = await import('./cms.ts')
    return signCms(content, signing.identity)
  }
}
