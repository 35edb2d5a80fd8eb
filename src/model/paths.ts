/** The paths of endpoints that more than one file names. */
export const paths = {
  autoconfig: '/mail/config-v1.1.xml',
  wellKnownAutoconfig: '/.well-known/autoconfig/mail/config-v1.1.xml',
  mailV1: '/.well-known/mail-v1.xml',
  autodiscover: '/autodiscover/autodiscover.xml',
  autodiscoverJson: '/autodiscover/autodiscover.json',
  profile: '/apple/mail.mobileconfig',
  appleQr: '/apple/qr.svg',
  thunderbirdQr: '/thunderbird/qr.svg',
  /** The page for people, and the directory of the files that it loads. */
  page: '/',
  pageFiles: '/page',
  pacc: '/.well-known/user-agent-configuration.json',
  /** A personal link is this, a slash, and a token. */
  setup: '/setup',
  /** For balancers. No client asks for it. */
  ready: '/readyz',
  /** For certificate authorities (RFC 8555, section 8.3). */
  acmeChallenge: '/.well-known/acme-challenge',
} as const

/** The files of a personal link, below `/setup/<token>/`. */
export const setupFiles = {
  autoconfig: 'config-v1.1.xml',
  profile: 'mail.mobileconfig',
  settings: 'settings.json',
  thunderbirdQr: 'thunderbird-qr',
  appleQr: 'apple-qr',
} as const

/** The path of a file of a personal link, with the token as a parameter. */
export const setupPath = (file: string): string => `${paths.setup}/:token/${file}`
