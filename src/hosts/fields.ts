import * as z from 'zod'
import type { Enable, LoginPageInfo } from '../model/settings.ts'
import { absoluteUrl, text, urlTemplate } from '../reading/fields.ts'

/** What a provider says of itself, and what a domain may say otherwise. */

export const username = text(255).meta({
  description:
    'What people log in with: %EMAILADDRESS% (the default), %EMAILLOCALPART%, or one login for everybody. Clients replace the placeholder.',
})

/** `default` is no language code: those have two or three letters in front. */
const language = z
  .string()
  .regex(
    /^(default|[a-z]{2,3}(-[A-Za-z0-9]{2,8})*)$/,
    'must be a language code such as en or pt-BR, or default for a text without one',
  )

export const documentation = z
  .array(
    z.strictObject({
      url: absoluteUrl('https', 'http').meta({
        description: 'A page that helps people to set up their mail.',
      }),
      descr: z
        .record(language, text(200))
        .default({})
        .meta({ description: 'What the link says, by language (ISO 639-1).' }),
    }),
  )
  .meta({ description: 'Pages that help people to set up their mail.' })

export const enable = z
  .strictObject({
    visiturl: absoluteUrl('https', 'http').meta({ description: 'The page where it is done.' }),
    instruction: z
      .record(language, text(500))
      .default({})
      .meta({ description: 'What is to be done there, by language (ISO 639-1).' }),
  })
  .meta({ description: 'What people have to do before mail programs are let in.' })

const pageElement = z
  .strictObject({ id: text(100).optional(), name: text(100).optional() })
  .refine(({ id, name }) => id !== undefined || name !== undefined, 'must have an id or a name')

const loginPageInfo = z
  .strictObject({
    url: urlTemplate(/%EMAIL(ADDRESS|LOCALPART|DOMAIN)%/g),
    waitForRedirectionURLPrefix: absoluteUrl('https').optional(),
    username: text(255),
    usernameField: pageElement,
    passwordField: pageElement,
    loginButton: pageElement.optional(),
  })
  .meta({ description: 'How a program logs in there; told where a host has shape: all.' })

const loginPage = urlTemplate(/%EMAILDOMAIN%/g)

export const webMail = z
  .union([loginPage, z.strictObject({ loginPage, loginPageInfo: loginPageInfo.optional() })], {
    error: 'must be an absolute URL that starts with https://, or a map with loginPage and loginPageInfo',
  })
  .meta({
    description:
      'The log-in page of the webmail, alone or as loginPage with loginPageInfo; %EMAILDOMAIN% in it is the domain of the address.',
  })

/** What a host or a domain says of itself to people, as a provider has it. */
export function expandPages(section: {
  readonly webMail?: z.infer<typeof webMail> | undefined
  readonly enable?: z.infer<typeof enable> | undefined
}): { webMail?: string; loginPageInfo?: LoginPageInfo; enable?: Enable } {
  const { webMail, enable } = section
  const long = typeof webMail === 'string' ? { loginPage: webMail } : webMail
  return {
    ...(long && { webMail: long.loginPage }),
    ...(long?.loginPageInfo && { loginPageInfo: long.loginPageInfo as LoginPageInfo }),
    ...(enable && { enable }),
  }
}

export const pacc = z.boolean().meta({
  description:
    'true: PACC is published though people log in with something else than their address; false: it never is. By default it is where they log in with the address.',
})

export const displayName = text(60).meta({
  description: 'The name that people read; at most 60 characters, better 30.',
})

export const displayShortName = text(20).meta({
  description: 'The name in a few letters; at most 20, better 12.',
})
