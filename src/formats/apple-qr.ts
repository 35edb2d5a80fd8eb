import { formatEmailAddress } from '../model/address.ts'
import { type Format, isExpressible } from './format.ts'
import { mobileconfig } from './mobileconfig.ts'
import { qrText } from './qr-text.ts'

/** Where an iPhone's camera is to find the profile of an account (`mobileconfig.ts`): a URL. */
export const appleQr: Format = {
  name: 'apple-qr',
  mediaType: 'text/plain; charset=utf-8',
  personal: true,
  endpoints: [
    { path: '/apple/qr.svg', picture: 'svg' },
    { path: '/apple/qr.png', picture: 'png' },
    { path: '/setup/:token/apple-qr.svg', picture: 'svg', request: 'link' },
    { path: '/setup/:token/apple-qr.png', picture: 'png', request: 'link' },
  ],
  render(settings) {
    const profile = mobileconfig.render(settings)
    if (!isExpressible(profile)) return profile
    const { clientConfig, domain, address, realName, incoming, setupUrl } = settings
    if (setupUrl !== undefined) {
      return qrText(`${setupUrl}/mail.mobileconfig${incoming === undefined ? '' : `?protocol=${incoming}`}`)
    }
    const url = new URL(
      `https://${clientConfig.publicName ?? `autoconfig.${domain}`}/apple/mail.mobileconfig`,
    )
    url.searchParams.set('emailaddress', address ? formatEmailAddress(address) : domain)
    if (realName !== undefined) url.searchParams.set('name', realName)
    if (incoming !== undefined) url.searchParams.set('protocol', incoming)
    return qrText(url.href)
  },
}
