import { drawQrCode, type Picture } from './qr-code.ts'

/** Pictures of one kind that are kept: about 2 MB. */
const mostKept = 200

/** QR codes that are the same for everybody in a domain, drawn once. Nothing of a person may be in it. */
export class PictureCache {
  readonly #picture: Picture
  /** By text; the one that is longest unused is the first. */
  readonly #drawn = new Map<string, Uint8Array>()

  constructor(picture: Picture) {
    this.#picture = picture
  }

  async draw(text: string): Promise<Uint8Array> {
    const bytes = this.#drawn.get(text) ?? (await drawQrCode(text, this.#picture))
    this.#drawn.delete(text)
    this.#drawn.set(text, bytes)
    if (this.#drawn.size > mostKept) this.#drawn.delete(this.#drawn.keys().next().value as string)
    return bytes
  }
}
