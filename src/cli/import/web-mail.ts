import { webMail } from '../../hosts/fields.ts'
import type { ElementReader } from './element-reader.ts'

export function importWebMail(root: ElementReader): string | object | undefined {
  const reader = root.first('webMail')
  if (!reader) return undefined
  const page = reader.first('loginPage')
  const loginPage = page?.attribute('url')
  page?.close()
  const info = reader.first('loginPageInfo')
  reader.close()
  if (loginPage === undefined) return reader.drop('it has no loginPage with a url')
  if (reader.validated(webMail, loginPage, 'loginPage') === undefined) return undefined
  if (loginPage.includes('%EMAILDOMAIN%'))
    reader.report('the server replaces the placeholder in the loginPage with the domain')
  const loginPageInfo = info && importLoginPageInfo(info)
  const whole = loginPageInfo && info.validated(webMail, { loginPage, loginPageInfo })
  return (whole ?? loginPage) as string | object
}

function importLoginPageInfo(reader: ElementReader): object {
  const prefix = reader.attribute('waitForRedirectionURLPrefix')
  const fields = (['usernameField', 'passwordField', 'loginButton'] as const).flatMap((key) => {
    const field = reader.first(key)
    if (!field) return []
    const [id, name] = [field.attribute('id'), field.attribute('name')]
    field.close()
    if (id === undefined && name === undefined) {
      field.drop('it has neither id nor name')
      return []
    }
    return [[key, { ...(id !== undefined && { id }), ...(name !== undefined && { name }) }]]
  })
  const info = {
    url: reader.attribute('url'),
    ...(prefix !== undefined && { waitForRedirectionURLPrefix: prefix }),
    username: reader.leaf('username'),
    ...Object.fromEntries(fields),
  }
  reader.close()
  return info
}
