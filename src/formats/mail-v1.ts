import { paths } from '../model/paths.ts'
import { success } from '../model/result.ts'
import { serviceNames } from '../model/service-names.ts'
import { autoconfigDocument } from './autoconfig-document.ts'
import type { Format } from './format.ts'

/**
 * Mozilla's autoconfig, version 1.2, at the URL of draft-bucksch-autoconfig-02. GNOME Online Accounts and SnappyMail ask for it
 * first and ignore services that they do not know, so the document includes all services. SnappyMail makes the username of the first
 * person a rule for the whole domain, and GNOME Online Accounts ignores a username that is not a placeholder.
 */
export const mailV1: Format = {
  name: 'mail-v1',
  mediaType: 'text/xml; charset=utf-8',
  personal: false,
  forEverybody: true,
  endpoints: [
    {
      path: paths.mailV1,
      serve: 'all',
      urls: (domain) => [`https://${serviceNames.autoconfig}.${domain}${paths.mailV1}`],
    },
  ],
  render: (settings) => success(autoconfigDocument(settings, true)),
}
