import type { PageDesign } from '../model/page-settings.ts'
import type { AccountSettings } from '../model/settings.ts'
import { type PlainPage, renderPlainPage, renderSettingsPage, templatesOf } from './render-page.ts'
import { Templates } from './templates.ts'
import type { Frame } from './view.ts'

const ours = new Templates({})

/** Pages that are always there: if a template of the provider does not work, people get ours, and the admin a message. */
export class Pages {
  readonly #onProblem: (problem: string) => void
  readonly #reported = new WeakSet<PageDesign>()

  constructor({ onProblem }: { readonly onProblem: (problem: string) => void }) {
    this.#onProblem = onProblem
  }

  settings(settings: AccountSettings): string {
    return this.#render(settings.clientConfig.page.design, (templates) =>
      renderSettingsPage(settings, templates),
    )
  }

  plain(kind: PlainPage, frame: Frame): string {
    return this.#render(frame.page.design, (templates) => renderPlainPage(kind, frame, templates))
  }

  #render(design: PageDesign, render: (templates: Templates) => string): string {
    try {
      return render(templatesOf(design))
    } catch (error) {
      if (!this.#reported.has(design))
        this.#onProblem(
          `the templates of the page do not work, so ours are used: ${(error as Error).message}`,
        )
      this.#reported.add(design)
      return render(ours)
    }
  }
}
