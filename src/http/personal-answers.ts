import type { Config } from '../config/config.ts'
import { drawQrCode, pictureTypes } from '../documents/qr-code.ts'
import { type Endpoint, type Format, isExpressible, type Refusal } from '../formats/format.ts'
import type { AccountSettings } from '../model/settings.ts'
import type { ProfileSigner } from '../signing/profile-signer.ts'
import { type Answer, confidentialAnswer, notHere, unknownDomain } from './answer.ts'
import { plainText } from './headers.ts'

const noLink =
  'This link is not good: it is too old, or not whole. Copy all of it, or ask your mail provider for a new one.\n'

/** Answers with documents that are made for one person: rendered for each request, signed or drawn where they are to be. */
export class PersonalAnswers {
  readonly #format: Format
  readonly #picture: Endpoint['picture']
  readonly #signer: ProfileSigner

  constructor(format: Format, picture: Endpoint['picture'], signer: ProfileSigner) {
    this.#format = format
    this.#picture = picture
    this.#signer = signer
  }

  async known(settings: AccountSettings, { signing }: Config, method: 'GET' | 'POST'): Promise<Answer> {
    const format = this.#format
    const text = format.render(settings)
    if (!isExpressible(text)) return this.refused({ refusal: 'notExpressible', ...text }, method)
    const picture = this.#picture
    if (picture) return confidentialAnswer(200, pictureTypes[picture], await drawQrCode(text, picture))
    const body = format.signed ? await this.#signer.sign(Buffer.from(text), signing) : Buffer.from(text)
    const { status, headers } = confidentialAnswer(200, format.mediaType, body)
    const fileName = format.fileName?.(settings)
    if (fileName !== undefined) headers.push('Content-Disposition', `attachment; filename="${fileName}"`)
    return { status, headers, body }
  }

  /** Why there is none: as the format's clients read it, if it is the document itself that they asked for. */
  refused(refusal: Refusal, method: 'GET' | 'POST', status?: number): Answer {
    const document = this.#format.refuse?.(refusal, method)
    if (!document) {
      const text = refusal.refusal === 'notExpressible' ? notHere(refusal.notExpressible) : unknownDomain
      return confidentialAnswer(404, plainText, Buffer.from(text))
    }
    return confidentialAnswer(status ?? document.status, this.#format.mediaType, Buffer.from(document.text))
  }

  /** To who comes by a link that is none, or none any more. */
  noLink(): Answer {
    return confidentialAnswer(404, plainText, Buffer.from(noLink))
  }

  /** Another URL to ask (RFC 9110, section 15.4.3). */
  elsewhere(location: string): Answer {
    const { headers, body } = confidentialAnswer(302, plainText, Buffer.from('Ask there.\n'))
    return { status: 302, headers: [...headers, 'Location', location], body }
  }
}
