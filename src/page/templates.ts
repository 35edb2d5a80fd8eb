import { Eta } from 'eta/core'
import { readResource } from '../resources.ts'
import { clients } from './clients.ts'
import { escapeHtml } from './markup.ts'

/** The templates of the page, without `.eta`. A provider can replace each of them. */
export const templateNames: readonly string[] = [
  'layout',
  'settings',
  'plain',
  'form',
  'server',
  'fields',
  'cautions',
  'help',
  'contact',
  ...clients.map(({ id }) => `client-${id}`),
]

const sourceOf = (name: string): string => readResource(`page/templates/${name}.eta`)

/** The templates of the page, compiled when they are first used. Those of a provider take the place of ours. */
export class Templates {
  readonly #eta: Eta

  constructor(own: Readonly<Record<string, string>>) {
    this.#eta = new Eta({
      escapeFunction: escapeHtml,
      autoTrim: [false, 'nl'],
      cache: true,
      // Errors then name the line of the template.
      debug: Object.keys(own).length > 0,
    })
    this.#eta.resolvePath = (name) => name
    this.#eta.readFile = (name) => own[name] ?? sourceOf(name)
  }

  /** Throws if a template does not work, for example because a value is missing. */
  render(name: string, values: object): string {
    try {
      return this.#eta.render(name, values)
    } catch (error) {
      throw new Error(placeOf((error as Error).message))
    }
  }
}

/** Eta describes each template that includes the failing one, with the lines around the place: only the last matters. */
function placeOf(message: string): string {
  const [, name, line] = [...message.matchAll(/^([\w-]+):(\d+)$/gm)].at(-1) ?? []
  const reason = message.trim().split('\n').at(-1) as string
  return name === undefined ? reason : `${name}.eta:${line}: ${reason}`
}

/** Why a template cannot be compiled; `undefined` if it can. */
export function templateError(source: string): string | undefined {
  try {
    new Eta().compile(source)
    return undefined
  } catch (error) {
    const [what = '', why] = (error as Error).message.split('\n').filter((line) => /\w/.test(line))
    // An error of JavaScript has its message in the next line, an error of the tags has the template there.
    return `is not a valid template: ${what.startsWith('Bad template') ? why : what}`
  }
}
