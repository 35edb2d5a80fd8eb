import * as z from 'zod'
import { accountsSection } from '../accounts/accounts-section.ts'
import { acmeSection } from '../acme/acme-section.ts'
import { sourcesSection } from '../backends/kinds.ts'
import { domainsSection } from '../domains/domain-section.ts'
import { domainFilesSection } from '../domains/read-domains.ts'
import { hostStandIns, hostsSection } from '../hosts/host-section.ts'
import { nextHopsSection } from '../hosts/next-hops-section.ts'
import { paccSection } from '../hosts/pacc-section.ts'
import { placeholderProvider, providerSection } from '../hosts/provider-section.ts'
import { ispdbSection } from '../ispdb/folder.ts'
import { linksSection, linksStandIns } from '../links/links-section.ts'
import { pageSection } from '../page/page-section.ts'
import { domainName } from '../reading/fields.ts'
import type { StandIns } from '../reading/read-section.ts'
import { appleSection } from '../signing/apple-section.ts'
import { tlsSection } from '../tls/tls-section.ts'
import { httpSection, trustedProxiesSection } from './http-section.ts'
import { reloadSection } from './reload-section.ts'
import { watchSection } from './watch-section.ts'

export type { HttpSettings } from './http-section.ts'

/** The schema of each key of the configuration. */
export const sections = {
  provider: providerSection,
  hosts: hostsSection,
  publicName: domainName().optional().meta({
    description:
      'The host name of this service, for which it has a certificate: the target of the CNAME autoconfig.<domain> of each customer.',
  }),
  page: pageSection,
  apple: appleSection,
  acme: acmeSection.optional().meta({
    description: 'Answers to the HTTP-01 challenges of certificate authorities. By default they get 404.',
  }),
  pacc: paccSection,
  trustedProxies: trustedProxiesSection,
  http: httpSection,
  tls: tlsSection.optional().meta({
    description:
      'Certificates, for a service without a proxy in front: it then also listens for https (docs/tls.md). Whether it does is decided at start.',
  }),
  reload: reloadSection,
  watch: watchSection.optional(),
  domains: domainsSection,
  domainFiles: domainFilesSection,
  nextHops: nextHopsSection,
  accounts: accountsSection.optional().meta({
    description: 'Login names that differ from the address, and who may learn them.',
  }),
  links: linksSection.optional().meta({
    description: 'Personal setup links, which contain or reveal the login name of an address.',
  }),
  sources: sourcesSection,
  ispdb: ispdbSection,
}

type SectionSchemas = typeof sections

/** The value of each key; `undefined` if it is invalid. */
export type Sections = { readonly [Key in keyof SectionSchemas]: z.infer<SectionSchemas[Key]> | undefined }

/** Values for required keys that are missing or invalid, so that the rest of the section is checked. */
export const standIns: Partial<Readonly<Record<keyof SectionSchemas, StandIns>>> = {
  provider: { ...placeholderProvider },
  hosts: hostStandIns,
  links: linksStandIns,
}

/** The JSON Schema of the configuration file, for editors. */
export function jsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mail-autoconfig configuration',
    ...z.toJSONSchema(z.strictObject(sections), { io: 'input', unrepresentable: 'any' }),
  }
}
