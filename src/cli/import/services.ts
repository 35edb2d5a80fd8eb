import { webMail } from '../../hosts/fields.ts'
import { oAuth2Section, servicesSection } from '../../hosts/services-section.ts'
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
  if (loginPage.includes('%'))
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

export function importOAuth2(root: ElementReader): object | undefined {
  const reader = root.first('oAuth2')
  if (!reader) return undefined
  const issuer = reader.leaf('issuer') ?? ''
  const oAuth2 = {
    issuer: issuer.includes('://') ? issuer : `https://${issuer}`,
    ...Object.fromEntries(['authURL', 'tokenURL', 'scope'].map((name) => [name, reader.leaf(name)])),
  }
  reader.close()
  if (issuer.includes('://')) reader.report('the server writes only the host name of the issuer')
  return reader.validated(oAuth2Section, oAuth2, 'oAuth2') as object | undefined
}

/** CalDAV and CardDAV, with the element names of version 1.1 or 1.2. */
export function importServices(root: ElementReader): object | undefined {
  const urls: Record<string, string> = {}
  for (const reader of root.all('calendar', 'addressBook', 'addressbook')) {
    const key = reader.name === 'calendar' ? 'caldav' : 'carddav'
    const type = reader.attribute('type')
    const url = reader.leaf('serverURL') ?? reader.leaf('url')
    if (type !== key) reader.drop(`the type must be "${key}", not "${type ?? ''}"`)
    else if (key in urls) reader.drop(`services.${key} is already set`)
    else if (reader.validated(servicesSection, { [key]: url })) {
      urls[key] = url as string
      reader.all('authentication', 'username')
      reader.report(
        `is converted to services.${key}; it is served with the element names of version 1.2 and the username of the mailbox`,
      )
      reader.close()
    }
  }
  return Object.keys(urls).length > 0 ? urls : undefined
}
