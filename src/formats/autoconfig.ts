import { paths, setupFiles, setupPath } from '../model/paths.ts'
import { success } from '../model/result.ts'
import { serviceNames } from '../model/service-names.ts'
import { autoconfigDocument } from './autoconfig-document.ts'
import type { Format } from './format.ts'

/**
 * Mozilla's autoconfig at the URLs that mail clients ask for (draft-ietf-mailmaint-autoconfig-06, "Retrieval"). Services
 * other than mail are included only with `shape: all`, since several clients discard a document that has some. Thunderbird
 * accepts no media type but `text/xml`, `application/xml` and `text/rdf`.
 */
export const autoconfig: Format = {
  name: 'autoconfig',
  mediaType: 'text/xml; charset=utf-8',
  personal: false,
  endpoints: [
    {
      path: paths.autoconfig,
      serve: 'all',
      urls: (domain) => [
        `https://${serviceNames.autoconfig}.${domain}${paths.autoconfig}`,
        `http://${serviceNames.autoconfig}.${domain}${paths.autoconfig}`,
      ],
    },
    {
      path: paths.wellKnownAutoconfig,
      serve: 'all',
      urls: (domain) => [
        `https://${domain}${paths.wellKnownAutoconfig}`,
        `http://${domain}${paths.wellKnownAutoconfig}`,
      ],
    },
    // Nine puts /v1.1 in front of the path.
    { path: `/v1.1${paths.autoconfig}`, serve: 'all' },
    // The URLs of an ISPDB: autoconfig.thunderbird.net and live.thunderbird.net.
    { path: '/v1.1/:domain', serve: 'ispdb' },
    { path: '/autoconfig/v1.1/:domain', serve: 'ispdb' },
    { path: setupPath(setupFiles.autoconfig), request: 'link' },
  ],
  render: (settings) => success(autoconfigDocument(settings, settings.clientConfig.host.shape === 'all')),
}
