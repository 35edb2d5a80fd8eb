import { formatEmailAddress } from '../model/address.ts'
import { paths, setupFiles, setupPath } from '../model/paths.ts'
import { serviceNames } from '../model/service-names.ts'
import type { AccountSettings } from '../model/settings.ts'
import type { Format } from './format.ts'
import { mobileconfig } from './mobileconfig.ts'
import { svgHeaders } from './picture-headers.ts'
import { qrText } from './qr-text.ts'

/** The URL of the profile of an account (`mobileconfig.ts`), for the camera of an iPhone. */
export const appleQr: Format = {
  name: 'apple-qr',
  mediaType: 'text/plain; charset=utf-8',
  personal: true,
  endpoints: [
    { path: paths.appleQr, picture: 'svg', headers: svgHeaders },
    { path: '/apple/qr.png', picture: 'png' },
    { path: setupPath(`${setupFiles.appleQr}.svg`), picture: 'svg', request: 'link', headers: svgHeaders },
    { path: setupPath(`${setupFiles.appleQr}.png`), picture: 'png', request: 'link' },
  ],
  render(settings) {
    const profile = mobileconfig.render(settings)
    if (!profile.ok) return profile
    const { incoming, only, setupUrl } = settings
    const url = setupUrl === undefined ? publicUrl(settings) : new URL(`${setupUrl}/${setupFiles.profile}`)
    if (incoming !== undefined) url.searchParams.set('protocol', incoming)
    if (only !== undefined) url.searchParams.set('only', only)
    return qrText(url.href)
  },
}

function publicUrl({ clientConfig, domain, address, realName }: AccountSettings): URL {
  const name = clientConfig.publicName ?? `${serviceNames.autoconfig}.${domain}`
  const url = new URL(`https://${name}${paths.profile}`)
  url.searchParams.set('emailaddress', address ? formatEmailAddress(address) : domain)
  if (realName !== undefined) url.searchParams.set('name', realName)
  return url
}
