import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'

/** Debian's. Names of our site lead to the loopback interface, and no other name leads anywhere. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--host-resolver-rules=MAP *.example 127.0.0.1, MAP autoconfig.all2all.org 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  })

/** A page, and what it did behind our back. */
export interface Visit {
  readonly page: Page
  /** Errors and warnings of the console, among them violations of the Content Security Policy. */
  readonly complaints: readonly string[]
  readonly requested: readonly string[]
}

export const languages = ['en', 'fr', 'nl', 'de'] as const
export const schemes = ['light', 'dark'] as const
/** A phone (or a browser of 1280 px at a zoom of 400 %), and a desktop. */
export const widths = [320, 1280] as const

/** Opens an empty page, lets `use` do what a person does, and closes it. */
export async function visit<T>(
  browser: Browser,
  options: BrowserContextOptions,
  use: (visit: Visit) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const complaints: string[] = []
  const requested: string[] = []
  try {
    const page = await context.newPage()
    // What people wait for is there at once, even on a busy machine.
    page.setDefaultTimeout(10_000)
    // A page with the status 404 is a page, too.
    page.on('console', (message) => {
      const isComplaint = ['error', 'warning'].includes(message.type())
      if (isComplaint && !message.text().includes('status of 404')) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    context.on('request', (request) => requested.push(request.url()))
    return await use({ page, complaints, requested })
  } finally {
    await context.close()
  }
}

export const isOpen = async (page: Page, client: string): Promise<boolean> =>
  (await page.locator(`#client-${client}[open]`).count()) === 1

export const hasFocus = async (locator: Locator): Promise<boolean> =>
  (await locator.and(locator.page().locator(':focus')).count()) === 1

/** A property of the first such element, as it is shown. */
export const styleOf = (page: Page, selector: string, property: string): Promise<string> =>
  page.evaluate(`getComputedStyle(document.querySelector('${selector}')).${property}`)

/** With every guide open, also those that close each other. */
export const openAll = (page: Page): Promise<unknown> =>
  page.evaluate(`for (const details of document.querySelectorAll('details')) {
    details.removeAttribute('name')
    details.open = true
  }`)

/** The path with a language. */
export const inLanguage = (path: string, language: string): string =>
  `${path}${path.includes('?') ? '&' : '?'}lang=${language}`
