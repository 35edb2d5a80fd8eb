import { formatEmailAddress } from '../model/address.ts'
import { fillDomain, loginOf } from '../model/placeholders.ts'
import { serversFor } from '../model/safe-shape.ts'
import type { Format } from './format.ts'

/** The settings for programs that are no mail client: in the ISPDB's words, with the user name as it is to be typed in. */
export const settingsJson: Format = {
  name: 'settings-json',
  mediaType: 'application/json; charset=utf-8',
  personal: true,
  endpoints: [{ path: '/setup/:token/settings.json', request: 'link' }],
  render(settings) {
    const { clientConfig, address, realName, domain } = settings
    const servers = serversFor(settings).map((server) => {
      const { type, hostname, port, socketType, authentication, username } = server
      return { type, hostname, port, socketType, authentication, username: loginOf(username, settings) }
    })
    const document = {
      domain,
      address: address && formatEmailAddress(address),
      realName,
      provider: clientConfig.displayName,
      incomingServers: servers.filter(({ type }) => type !== 'smtp'),
      outgoingServers: servers.filter(({ type }) => type === 'smtp'),
      enable: clientConfig.enable,
      webMail: clientConfig.webMail && fillDomain(clientConfig.webMail, domain),
      documentation: clientConfig.documentation,
    }
    return `${JSON.stringify(document, null, 2)}\n`
  },
}
