import * as z from 'zod'
import type { Enable, LoginPageInfo } from '../model/settings.ts'
import { hasInvisible } from '../model/visible-text.ts'
import { absoluteUrl, text, urlTemplate } from '../reading/fields.ts'

/** The fields that a provider, a host and a domain have in common. */

export const username = text(255).meta({
  description:
    'The username: %EMAILADDRESS% (the default), %EMAILLOCALPART%, or one username for everyone. Clients replace the placeholder.',
})

/** `default` cannot be confused with a language code, which begins with two or three letters. */
export const language = z
  .string()
  .regex(
    /^(default|[a-z]{2,3}(-[A-Za-z0-9]{2,8})*)$/,
    'must be a language code such as en or pt-BR, or "default"',
  )

export const documentation = z
  .array(
    z.strictObject({
      url: absoluteUrl('https', 'http').meta({
        description: 'A help page for setting up mail.',
      }),
      descr: z
        .record(language, text(200))
        .default({})
        .meta({ description: 'The text of the link, by language (ISO 639-1).' }),
    }),
  )
  .meta({ description: 'Help pages for setting up mail.' })

export const enable = z
  .strictObject({
    visiturl: absoluteUrl('https', 'http').meta({ description: 'The page where people take this step.' }),
    instruction: z
      .record(language, text(500))
      .default({})
      .meta({ description: 'Instructions for that page, by language (ISO 639-1).' }),
  })
  .meta({ description: 'A step that people must take before mail clients can connect.' })

const pageElement = z
  .strictObject({
    id: text(100).optional().meta({ description: 'The id of the element in HTML.' }),
    name: text(100).optional().meta({ description: 'The name of the element in HTML.' }),
  })
  .refine(({ id, name }) => id !== undefined || name !== undefined, 'must have an id or a name')

const loginPageInfo = z
  .strictObject({
    url: urlTemplate(/%EMAIL(ADDRESS|LOCALPART|DOMAIN)%/g).meta({
      description:
        'The page with the login form. %EMAILADDRESS%, %EMAILLOCALPART% and %EMAILDOMAIN% stand for the address and its parts.',
    }),
    waitForRedirectionURLPrefix: absoluteUrl('https').optional().meta({
      description: 'With what the URL begins to which the webmail redirects after the login.',
    }),
    username: text(255).meta({
      description: 'The username to type into the form, with the placeholders of the other usernames.',
    }),
    usernameField: pageElement.meta({ description: 'The field for the username; an id or a name.' }),
    passwordField: pageElement.meta({ description: 'The field for the password; an id or a name.' }),
    loginButton: pageElement
      .optional()
      .meta({ description: 'The button that sends the form; an id or a name.' }),
  })
  .meta({ description: 'How a program logs in to the webmail. Published only if the host has "shape: all".' })

const loginPage = urlTemplate(/%EMAILDOMAIN%/g)

export const webMail = z
  .union(
    [
      loginPage,
      z.strictObject({
        loginPage: loginPage.meta({ description: 'The login page, for people.' }),
        loginPageInfo: loginPageInfo.optional(),
      }),
    ],
    {
      error:
        'must be an absolute URL that starts with https://, or a mapping with loginPage and loginPageInfo',
    },
  )
  .meta({
    description:
      'The login page of the webmail: a URL, or a mapping with loginPage and loginPageInfo. %EMAILDOMAIN% stands for the domain of the address.',
  })

/** The pages of a host or a domain, as a `ClientConfig` has them. */
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
    'true: publish PACC even if the username is not the address. false: never publish it. By default, PACC is published if the username is the address.',
})

/** A name that people compare with others. */
const visibleName = (maximum: number) =>
  text(maximum).refine(
    (name) => !hasInvisible(name),
    'must not contain invisible characters, such as those that change the direction of text; type it again',
  )

export const displayName = visibleName(60).meta({
  description: 'The name that people read. At most 60 characters, preferably 30.',
})

export const displayShortName = visibleName(20).meta({
  description: 'A short form of the name. At most 20 characters, preferably 12.',
})
