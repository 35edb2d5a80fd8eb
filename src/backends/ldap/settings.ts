import { isIP } from 'node:net'
import * as z from 'zod'
import { parseDomain } from '../../model/address.ts'
import { backendSettings, concurrencySetting } from '../backend.ts'
import { type FilterPlaceholder, readFilter } from './filter.ts'

const url = z.string().refine((value) => {
  const [, bracketed, plain = '', port = '389'] =
    /^ldaps?:\/\/(?:\[(.*)\]|([^:]*))(?::(\d+))?\/?$/.exec(value) ?? []
  const isHost =
    bracketed === undefined ? parseDomain(plain) !== undefined || isIP(plain) === 4 : isIP(bracketed) === 6
  return isHost && Number(port) >= 1 && Number(port) <= 65_535
}, 'must be ldaps://host or ldap://host, with :port after it unless it is 636 or 389')

const attribute = z
  .string()
  .regex(/^[A-Za-z][A-Za-z\d-]*$/, 'must be the name of an attribute, such as mailHost')

const dn = z.string().min(1).max(1000)

const filter = (allowed: readonly FilterPlaceholder[], required: readonly FilterPlaceholder[]) =>
  z
    .string()
    .max(1000)
    .transform((text, context) => {
      const result = readFilter(text, allowed, required)
      if (result.ok) return result.value
      context.addIssue(result.error)
      return z.NEVER
    })

const domainSection = z.strictObject({
  base: dn.optional().meta({ description: 'Base DN of this search. Default: base of the source.' }),
  filter: filter(['s', 'd'], ['s', 'd']).meta({
    description: 'Filter that finds the entry of a domain. %s is the domain in lower-case A-labels.',
  }),
  attribute: attribute.meta({
    description: 'Attribute with the host: its key, its host name, or a Postfix transport.',
  }),
  name: z
    .union([attribute, z.array(attribute).min(1).max(10)], {
      error: 'must be the name of an attribute, such as cn, or a list of names',
    })
    .transform((value) => [value].flat())
    .optional()
    .meta({
      description:
        'Attribute with the domain, or a list of attributes if alias domains have their own. Required to list all domains, for `drift`.',
    }),
})

const accountSection = z.strictObject({
  base: dn.optional().meta({ description: 'Base DN of this search. Default: base of the source.' }),
  // %d alone would find an arbitrary account of the domain.
  filter: filter(['s', 'u', 'd'], ['s', 'u']).meta({
    description:
      'Filter that finds the entry of an address in lower case. %s is the whole address, %u the local part, %d the domain.',
  }),
  attribute: attribute.meta({ description: 'Attribute with the login name.' }),
})

/** The settings below `ldap:`. */
export const ldapSection = z
  .strictObject({
    url: z
      .union([url, z.array(url).min(1).max(10)], {
        error: 'must be a URL such as ldaps://ldap.example.org, or a list of URLs',
      })
      .transform((value) => [value].flat())
      .meta({ description: 'ldaps://host or ldap://host. Several servers are tried in this order.' }),
    startTls: z.boolean().default(true).meta({
      description: 'For ldap://: encrypt the connection with StartTLS before anything else is sent.',
    }),
    bindDn: z
      .string()
      .max(1000)
      .regex(/[=@\\]/, 'must be a DN, such as cn=autoconfig,dc=example,dc=org')
      .optional()
      .meta({ description: 'Bind DN. Omit it for an anonymous bind.' }),
    passwordFile: z.string().min(1).optional().meta({
      description: 'File with the password of bindDn. Relative to this file.',
    }),
    authorityFile: z.string().min(1).optional().meta({
      description:
        'File with the certificate of the authority that signed those of the servers. PEM, relative to this file.',
    }),
    base: dn.meta({ description: 'Base DN: the search covers the entries below it.' }),
    domain: domainSection.optional().meta({ description: 'How to find the host of a domain.' }),
    account: accountSection.optional().meta({ description: 'How to find the login name of an address.' }),
    queries: concurrencySetting,
    ...backendSettings,
  })
  .refine(({ bindDn, passwordFile }) => (bindDn === undefined) === (passwordFile === undefined), {
    message: 'requires passwordFile; set both or neither',
    path: ['bindDn'],
  })
  .refine(({ domain, account }) => domain !== undefined || account !== undefined, {
    message: 'is required unless "account" is set',
    path: ['domain'],
  })

export type LdapSettings = z.infer<typeof ldapSection>
