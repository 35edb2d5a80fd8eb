import { formatEmailAddress } from '../model/address.ts'
import { paths, setupFiles, setupPath } from '../model/paths.ts'
import { fillDomain, loginOf } from '../model/placeholders.ts'
import { success } from '../model/result.ts'
import { serversFor } from '../model/safe-shape.ts'
import type { Format } from './format.ts'

/** The settings for programs that are not mail clients: with the field names of the ISPDB, and with the username filled in. */
export const settingsJson: Format = {
  name: 'settings-json',
  mediaType: 'application/json; charset=utf-8',
  personal: true,
  endpoints: [
    { path: setupPath(setupFiles.settings), request: 'link' },
    { path: `${paths.setup}/:token`, request: 'link', accept: 'application/json' },
  ],
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
      documentation: clientConfig.documentation.map(({ url, descr }) => ({
        url: fillDomain(url, domain),
        descr,
      })),
    }
    return success(`${JSON.stringify(document, null, 2)}\n`)
  },
}
