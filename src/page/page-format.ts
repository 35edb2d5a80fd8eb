import type { Format } from '../formats/format.ts'
import { paths } from '../model/paths.ts'
import { failure, success } from '../model/result.ts'
import { renderSettingsPage } from './render-page.ts'

/** The settings as a page for people: a browser opens it at any name that leads to the server, or by a personal link. */
export const page: Format = {
  name: 'page',
  mediaType: 'text/html; charset=utf-8',
  personal: true,
  endpoints: [
    { path: paths.page, request: 'page' },
    { path: `${paths.setup}/:token`, request: 'link', accept: 'text/html' },
  ],
  render(settings) {
    try {
      return success(renderSettingsPage(settings))
    } catch (error) {
      return failure((error as Error).message)
    }
  },
}
