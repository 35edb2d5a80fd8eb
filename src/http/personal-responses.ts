import type { Config } from '../config/config.ts'
import { PictureCache } from '../documents/picture-cache.ts'
import { drawQrCode, loadQrCodes, pictureTypes } from '../documents/qr-code.ts'
import type { Endpoint, Format, Refusal } from '../formats/format.ts'
import type { AccountSettings } from '../model/settings.ts'
import type { ProfileSigner } from '../signing/profile-signer.ts'
import { plainText } from './headers.ts'
import { linkRefusal } from './link-refusal.ts'
import { confidentialResponse, errorTexts, type HttpResponse } from './response.ts'

type Method = 'GET' | 'POST'

interface RefusalOptions {
  /** In place of the status that the format defines. */
  readonly status?: number
  readonly languages?: readonly string[] | undefined
}

/** Responses with documents for one person: rendered for each request, and signed or drawn if the endpoint says so. */
export class PersonalResponses {
  readonly #format: Format
  readonly #endpoint: Endpoint
  readonly #signer: ProfileSigner
  readonly #pictures: PictureCache | undefined

  constructor(format: Format, endpoint: Endpoint, signer: ProfileSigner) {
    this.#format = format
    this.#endpoint = endpoint
    this.#signer = signer
    this.#pictures = endpoint.picture && new PictureCache(endpoint.picture)
  }

  /** Loads what the first document needs: it takes more CPU than the document itself. */
  async load({ signing }: Config): Promise<void> {
    if (this.#endpoint.picture) await loadQrCodes()
    else await this.#signer.load(signing)
  }

  async document(settings: AccountSettings, { signing }: Config, method: Method): Promise<HttpResponse> {
    const { picture } = this.#endpoint
    const text = this.#format.render(settings)
    if (!text.ok) {
      const { languages } = settings
      return this.refusal({ reason: 'notExpressible', why: text.error }, method, { languages })
    }
    if (picture) {
      const cache = isForEverybody(settings) ? this.#pictures : undefined
      const drawn = await (cache?.draw(text.value) ?? drawQrCode(text.value, picture))
      return this.#response(200, pictureTypes[picture], drawn)
    }
    const bytes = Buffer.from(text.value)
    const body = this.#format.signed ? await this.#signer.sign(bytes, signing) : bytes
    const response = this.#response(200, this.#format.mediaType, body)
    const fileName = this.#format.fileName?.(settings)
    if (fileName !== undefined)
      response.headers.push('Content-Disposition', `attachment; filename="${fileName}"`)
    return response
  }

  /** The response that the format defines; by default status 404 and a line of text. `languages`: those of the person. */
  refusal(refusal: Refusal, method: Method, { status, languages }: RefusalOptions = {}): HttpResponse {
    const document = this.#format.refuse?.(refusal, method)
    if (document) return this.#response(status ?? document.status, this.#format.mediaType, document.text)
    const isLink = this.#endpoint.request === 'link'
    return this.#response(404, plainText, isLink ? linkRefusal(refusal, languages) : textOf(refusal))
  }

  /** Another URL to ask (RFC 9110, section 15.4.3). */
  redirect(location: string): HttpResponse {
    const response = this.#response(302, plainText, 'Ask there.\n')
    response.headers.push('Location', location)
    return response
  }

  #response(status: number, mediaType: string, body: string | Uint8Array): HttpResponse {
    const response = confidentialResponse(status, mediaType, body)
    response.headers.push(...Object.entries(this.#endpoint.headers ?? {}).flat())
    return response
  }
}

const isForEverybody = ({ address, realName, setupUrl }: AccountSettings): boolean =>
  address === undefined && realName === undefined && setupUrl === undefined

const textOf = (refusal: Refusal): string =>
  refusal.reason === 'notExpressible' ? errorTexts.notExpressible(refusal.why) : errorTexts.unknownDomain
