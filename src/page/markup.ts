/** Text that is HTML already. A template writes it with `<%~ … %>`. */
export type Html = string

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For text and for attributes in quotes. A missing value is an error of the template, not an empty place. */
export function escapeHtml(value: unknown): Html {
  if (value === undefined || value === null) throw new Error('a value is missing')
  return String(value).replace(/[&<>"']/g, (character) => entities[character] as string)
}

/** Replaces each placeholder in escaped text. */
export const fillHtml = (text: Html, html: (name: string) => Html): Html =>
  text.replace(/\ue000([^\ue001]*)\ue001/g, (_, name: string) => html(name))

/** Stands for HTML in a message. Private-use characters occur in no message. */
export const placeholder = (name: string): string => `\ue000${name}\ue001`

/** The schemes of links: a template cannot make a link that runs a script. */
const safeUrl = /^(?:https?:|mailto:|tel:|[^:]*$)/i

export function safeHref(url: unknown): string {
  if (typeof url === 'string' && safeUrl.test(url)) return url
  throw new Error('a link must be relative, or start with https:, http:, mailto: or tel:')
}

/** Paragraphs of plain text; `https://…` becomes a link. */
export const paragraphs = (text: string): Html =>
  text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => `<p>${linked(paragraph)}</p>`)
    .join('\n')

const linked = (text: string): Html =>
  text
    .split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/)
    .map((part, index) =>
      index % 2 === 1 ? `<a href="${escapeHtml(part)}">${escapeHtml(part)}</a>` : escapeHtml(part),
    )
    .join('')

/** How a page shows its settings. */
export interface Code {
  /** A setting in a sentence. */
  readonly code: (text: string) => Html
  /** The same with a button to copy it, which `script.js` adds. */
  readonly copyable: (text: string) => Html
}

/**
 * A browser may break the line before a dot; `<wbr>` is not part of what people copy. The domain stays in one piece, since the page is a
 * template, which others fill it into.
 */
export function codeFor(domain: string): Code {
  const breakable = (text: string): Html => escapeHtml(text).replaceAll('.', '<wbr>.')
  const element = (attribute: string) => (text: string) =>
    `<code dir="ltr" translate="no"${attribute}>${text.split(domain).map(breakable).join(domain)}</code>`
  return { code: element(''), copyable: element(' data-copy') }
}
