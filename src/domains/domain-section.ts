import * as z from 'zod'
import { expandServices } from '../hosts/expand-services.ts'
import {
  displayName,
  displayShortName,
  documentation,
  enable,
  expandPages,
  pacc,
  username,
  webMail,
} from '../hosts/fields.ts'
import { contact, expandPage, pageText } from '../hosts/page-fields.ts'
import { domainServicesSection } from '../hosts/services-section.ts'
import type { ClientConfig } from '../model/settings.ts'
import { domainName } from '../reading/fields.ts'

const move = z.strictObject({
  at: z.iso
    .datetime({
      offset: true,
      error: 'must be a time with its offset from UTC, such as 2027-01-10T02:00:00+01:00',
    })
    .transform((time) => Date.parse(time))
    .meta({ description: 'When the domain moves, with the offset from UTC: 2027-01-10T02:00:00+01:00.' }),
  host: z.string().meta({ description: 'The key of the host from then on.' }),
})

const override = z.strictObject({
  host: z.string().meta({ description: 'The key of a host.' }),
  moves: z
    .array(move)
    .min(1)
    .optional()
    .meta({ description: 'Scheduled moves to another host, earliest first.' }),
  id: domainName().optional().meta({ description: 'emailProvider id. By default the id of the host.' }),
  displayName: displayName.optional(),
  displayShortName: displayShortName.optional(),
  username: username.optional(),
  webMail: webMail.optional(),
  enable: enable.optional(),
  documentation: documentation.optional(),
  contact: contact.optional(),
  pageText: pageText.optional(),
  services: domainServicesSection.optional(),
  pacc: pacc.optional(),
  disclose: z
    .enum(['link', 'public'])
    .optional()
    .meta({ description: 'The people who may learn login names (see accounts.disclose).' }),
})
export type Override = z.infer<typeof override>

/** `domains:` of the configuration: the host of each domain, and the settings that differ from those of the host. */
export const domainsSection = z
  .record(
    z.string(),
    z.union([z.string(), override], { error: 'must be the key of a host, or a mapping with a host' }),
  )
  .default({})
  .meta({
    description:
      'Maps each domain to a host. *.example.org matches every subdomain; * matches any domain not listed elsewhere.',
  })
export type DomainsSection = z.infer<typeof domainsSection>

/** The configuration of a host with the settings of a domain. */
export function overridden(
  clientConfig: ClientConfig,
  {
    host: _host,
    moves: _moves,
    username,
    pacc,
    disclose,
    webMail,
    enable,
    contact,
    pageText,
    services,
    ...rest
  }: Override,
): ClientConfig {
  const given = Object.entries(rest).filter(([, value]) => value !== undefined)
  const { loginPageInfo, ...others } = clientConfig
  const { page } = clientConfig
  return {
    // `loginPageInfo` describes the page that is replaced.
    ...(webMail === undefined ? clientConfig : others),
    ...(Object.fromEntries(given) as Partial<ClientConfig>),
    ...expandPages({ webMail, enable }),
    page: expandPage(page.design, { contact, pageText }, { contact: page.contact, pageText: page.text }),
    ...(services && {
      services: expandServices(services, clientConfig.host.hostname, clientConfig.services),
    }),
    ...(pacc === undefined ? {} : { pacc: { ...clientConfig.pacc, published: pacc ? 'always' : 'never' } }),
    ...(disclose === undefined ? {} : { disclosure: disclose }),
    servers:
      username === undefined
        ? clientConfig.servers
        : clientConfig.servers.map((server) => ({ ...server, username })),
  }
}
