import { paths } from '../model/paths.ts'
import { success } from '../model/result.ts'
import { serviceNames } from '../model/service-names.ts'
import { expressibleServers } from './autodiscover.ts'
import type { Format, Refusal, RefusalDocument } from './format.ts'

/**
 * Microsoft's Autodiscover version 2: the request names a protocol, the answer is the URL to ask next. Outlook, Outlook mobile,
 * Nine and Mustang ask for it. Microsoft has published no specification; the shapes are those of Exchange Online.
 */
export const autodiscoverJson: Format = {
  name: 'autodiscover-json',
  mediaType: 'application/json; charset=utf-8',
  personal: true,
  endpoints: [
    {
      path: paths.autodiscoverJson,
      otherSpellings: ['/Autodiscover/Autodiscover.json', '/AutoDiscover/AutoDiscover.json'],
      urls: (domain) => [`https://${serviceNames.autodiscover}.${domain}${paths.autodiscoverJson}`],
      request: 'autodiscover-json',
    },
    { path: `${paths.autodiscoverJson}/v1.0/:address`, request: 'autodiscover-json' },
  ],
  render(settings) {
    const servers = expressibleServers(settings)
    if (!servers.ok) return servers
    const Url = `https://${serviceNames.autodiscover}.${settings.domain}${paths.autodiscover}`
    return success(document({ Protocol: 'AutodiscoverV1', Url }))
  },
  refuse,
}

const document = (value: object): string => `${JSON.stringify(value)}\n`

function refuse(refusal: Refusal): RefusalDocument {
  const error = (status: number, ErrorCode: string, ErrorMessage: string) => ({
    status,
    text: document({ ErrorCode, ErrorMessage }),
  })
  switch (refusal.reason) {
    case 'unknownDomain':
    case 'invalidLink':
      return error(404, 'UserNotFound', 'No mail settings for this domain here.')
    case 'notExpressible':
      return error(404, 'UserNotFound', `${refusal.why}.`)
    case 'malformed':
      return error(
        400,
        'MandatoryParameterMissing',
        "A valid value must be provided for the query parameter 'Protocol'",
      )
    case 'unsupported':
      return error(
        400,
        'InvalidProtocol',
        `The given protocol value '${refusal.requested}' is invalid. Supported values are 'AutodiscoverV1'`,
      )
  }
}
