/**
 * The library: a Fastify plugin, and the parts it is made of: load a configuration, resolve an address, render a format.
 */
export type { Config, LoadResult } from './config/config.ts'
export { loadConfig } from './config/load.ts'
export { formats } from './documents/formats.ts'
export type { Endpoint, Format } from './formats/format.ts'
export { type MailAutoconfigOptions, mailAutoconfig, mailAutoconfig as default } from './http/plugin.ts'
export {
  type Domain,
  type EmailAddress,
  formatEmailAddress,
  parseDomain,
  parseEmailAddress,
} from './model/address.ts'
export { ConfigError, type Diagnostic, formatDiagnostic } from './model/diagnostic.ts'
export { type Lookup, type LookupValues, lookupOf, type Person } from './model/lookup.ts'
export type { Result } from './model/result.ts'
export { type AccountSettings, accountSettings, type ClientConfig, type MailHost } from './model/settings.ts'
export { LiveResolver, type LiveResolverOptions } from './resolver/live-resolver.ts'
export { isResolution, type NotFound, type Reason, type Resolution } from './resolver/resolution.ts'
export { Resolver, type ResolverOptions } from './resolver/resolver.ts'
