import { autoconfigDocument } from './autoconfig-document.ts'
import type { Format } from './format.ts'

/**
 * Mozilla's autoconfig, at the URLs that mail clients ask (draft-ietf-mailmaint-autoconfig-06, "Retrieval"). Services
 * beside mail are told only where a host has `shape: all`: several clients discard a document for them. Thunderbird
 * takes no media type but `text/xml`, `application/xml` and `text/rdf`.
 */
export const autoconfig: Format = {
  name: 'autoconfig',
  mediaType: 'text/xml; charset=utf-8',
  personal: false,
  endpoints: [
    {
      path: '/mail/config-v1.1.xml',
      serve: 'all',
      urls: (domain) => [
        `https://autoconfig.${domain}/mail/config-v1.1.xml`,
        `http://autoconfig.${domain}/mail/config-v1.1.xml`,
      ],
    },
    {
      path: '/.well-known/autoconfig/mail/config-v1.1.xml',
      serve: 'all',
      urls: (domain) => [
        `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
        `http://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
      ],
    },
    // Nine puts /v1.1 in front of the path.
    { path: '/v1.1/mail/config-v1.1.xml', serve: 'all' },
    // As an ISPDB: autoconfig.thunderbird.net and live.thunderbird.net.
    { path: '/v1.1/:domain', serve: 'ispdb' },
    { path: '/autoconfig/v1.1/:domain', serve: 'ispdb' },
    { path: '/setup/:token/config-v1.1.xml', request: 'link' },
  ],
  render: (settings) => autoconfigDocument(settings, settings.clientConfig.host.shape === 'all'),
}
