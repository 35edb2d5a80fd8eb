import { sizeOf } from '../accounts/account-table.ts'
import type { FileEnd } from '../reading/file-end.ts'
import type { ReadFile } from '../reading/files.ts'
import type { Config } from './config.ts'

/** How much a configuration contains, and how its files end. Plain data, and nothing of a customer: it is saved. */
export interface Extent {
  readonly domains: number
  readonly logins: number
  readonly ispdbDomains: number
  readonly sections: readonly string[]
  readonly ends: readonly (readonly [file: string, end: FileEnd])[]
  /** `reload.maxLoss` of this configuration. */
  readonly maxLoss: number
}

export function extentOf(config: Config, files: readonly ReadFile[]): Extent {
  const { domains, accounts, ispdb, sections, reload } = config
  const documents = ispdb.flatMap((folder) => folder.files.flatMap(({ document }) => document?.domains ?? []))
  return {
    domains: domains.table.size - domains.refused,
    logins: accounts ? sizeOf(accounts.table) : 0,
    ispdbDomains: new Set(documents.map(({ domain }) => domain)).size,
    sections,
    ends: files.flatMap(({ file, end }) => (end ? [[file, end] as const] : [])),
    maxLoss: reload.maxLoss,
  }
}
