import { autoconfigDocument } from './autoconfig-document.ts'
import type { Format } from './format.ts'

/**
 * Mozilla's autoconfig in its version 1.2, at the URL of draft-bucksch-autoconfig-02: the first that GNOME Online Accounts
 * and SnappyMail ask for, which are not troubled by services that they do not know. So here all of them are told.
 */
export const mailV1: Format = {
  name: 'mail-v1',
  mediaType: 'text/xml; charset=utf-8',
  personal: false,
  endpoints: [
    {
      path: '/.well-known/mail-v1.xml',
      serve: 'all',
      urls: (domain) => [`https://autoconfig.${domain}/.well-known/mail-v1.xml`],
    },
  ],
  render: (settings) => autoconfigDocument(settings, true),
}
