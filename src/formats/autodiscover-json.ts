import { serversIn } from './autodiscover.ts'
import { type Format, isExpressible, type Refusal, type RefusalDocument } from './format.ts'

/**
 * Microsoft's Autodiscover v2: a request for one protocol, answered with the URL where to ask on. Asked by Outlook and
 * Outlook mobile, by Nine and Mustang. Microsoft has published no specification; the shapes are those of Exchange Online.
 */
export const autodiscoverJson: Format = {
  name: 'autodiscover-json',
  mediaType: 'application/json; charset=utf-8',
  personal: true,
  endpoints: [
    {
      path: '/autodiscover/autodiscover.json',
      urls: (domain) => [`https://autodiscover.${domain}/autodiscover/autodiscover.json`],
      request: 'autodiscover-json',
    },
    { path: '/autodiscover/autodiscover.json/v1.0/:address', request: 'autodiscover-json' },
  ],
  render(settings) {
    const servers = serversIn(settings)
    if (!isExpressible(servers)) return servers
    const Url = `https://autodiscover.${settings.domain}/autodiscover/autodiscover.xml`
    return document({ Protocol: 'AutodiscoverV1', Url })
  },
  refuse,
}

const document = (value: object): string => `${JSON.stringify(value)}\n`

function refuse(refusal: Refusal): RefusalDocument {
  const error = (status: number, ErrorCode: string, ErrorMessage: string) => ({
    status,
    text: document({ ErrorCode, ErrorMessage }),
  })
  switch (refusal.refusal) {
    case 'unknown':
      return error(404, 'UserNotFound', 'No mail settings for this domain here.')
    case 'notExpressible':
      return error(404, 'UserNotFound', `${refusal.notExpressible}.`)
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
        `The given protocol value '${refusal.asked}' is invalid. Supported values are 'AutodiscoverV1'`,
      )
  }
}
