/**
 * Recognises files that are something else than the map they were taken for. Many of them contain passwords, so messages name
 * the kind of file and repeat nothing of it.
 */

export interface FileKind {
  /** `pairs`: domains and the users that own them, which is a list of domains. */
  readonly kind: 'pairs' | 'other'
  /** The first line of this kind. */
  readonly line: number
  /** The kind of file, and advice: `this is …: …`. */
  readonly message: string
}

/** So much of a file is enough to recognise it. */
const sample = { bytes: 0x1_0000, lines: 200 } as const

/** The kind of a file that is no map of domains or addresses; `undefined` if it may be one. `name` is its file name. */
export function kindOfFile(bytes: Uint8Array, name: string): FileKind | undefined {
  const binary = kindOfBinary(bytes)
  if (binary !== undefined) return { kind: 'other', line: 1, message: binary }
  const lines = linesOf(bytes)
  for (const { kind = 'other', isLine, isEnough, message } of kinds) {
    const found = lines.filter(({ text }) => isLine.test(text))
    const [first] = found
    if (first === undefined || !(isEnough ?? isMost)(found, lines)) continue
    return { kind, line: first.line, message: typeof message === 'string' ? message : message(found, name) }
  }
  return undefined
}

/** The error for a file name that begins with the type of a Postfix table, as in `hash:/etc/postfix/transport`. */
export function tablePrefixError(name: string): string | undefined {
  const prefix = /^(?:proxy:)?([a-z]+):/.exec(name)?.[1] ?? ''
  if (['hash', 'lmdb', 'btree', 'cdb', 'dbm', 'sdbm', 'texthash', 'inline', 'static'].includes(prefix))
    return `"${prefix}:" is Postfix's prefix for the file: name the file itself`
  if (['regexp', 'pcre', 'cidr'].includes(prefix))
    return `"${prefix}:" is Postfix's prefix for a table of patterns: list the domains or addresses themselves`
  const source = sourceOfPrefix.get(prefix)
  return source && `"${prefix}:" is Postfix's prefix for a lookup table: use sources: ${source}`
}

const sourceOfPrefix: ReadonlyMap<string, string> = new Map([
  ['mysql', 'sql'],
  ['pgsql', 'sql'],
  ['sqlite', 'sql'],
  ['ldap', 'ldap'],
])

interface Line {
  readonly line: number
  readonly text: string
}

type Enough = (found: readonly Line[], all: readonly Line[]) => boolean

interface KnownKind {
  readonly kind?: FileKind['kind']
  readonly isLine: RegExp
  /** Are these lines of this kind enough? By default, if they are more than half. */
  readonly isEnough?: Enough
  readonly message: string | ((found: readonly Line[], name: string) => string)
}

const isMost: Enough = (found, all) => found.length * 2 > all.length
const anyLine: Enough = () => true
const firstLine: Enough = (found, all) => found[0] === all[0]

const passwordFile =
  'this is a file with passwords, such as a passwd-file of Dovecot: name the map of domains or addresses instead'

/** In this order: the more certain ones come first. */
const kinds: readonly KnownKind[] = [
  {
    isLine: /^-----BEGIN [A-Z0-9 ]*PRIVATE KEY/,
    isEnough: anyLine,
    message: 'this is a private key: name the map of domains or addresses instead',
  },
  {
    isLine: /^-----BEGIN /,
    isEnough: anyLine,
    message:
      'this is a PEM file, such as a certificate or a key: name the map of domains or addresses instead',
  },
  { isLine: /^\w[\w.-]*\s*=(?!=)/, message: settingsFile },
  { isLine: /^[^\s:]+[\s:]\s*(\{[a-z][\w-]+(\.\w+)?\}|\$[0-9a-z]{1,8}\$)\S/i, message: passwordFile },
  { isLine: /^[^\s:]+:[^\s:]*:\d*:\d*:/, message: passwordFile },
  { isLine: /^[^\s:]+@[^\s:]+:[^\s,]+$/, message: passwordFile },
  { isLine: /^[^\s:]+(:[^\s:]*){2,}$/, message: passwordFile },
  {
    isLine: /^(\[[^\]\s]+\](:\w+)?|[^\s:]+:\d+)\s+[^\s:]+:\S+$|^\S+\s+[^\s:/]+@[^\s:,]+:[^\s,]+$/,
    message: 'this is a password map of Postfix (sasl_passwd): name the map of domains or addresses instead',
  },
  {
    isLine: /^(machine|default)\s+(\S+\s+)?(login|password)\s/,
    message: 'this is a .netrc file with passwords: name the map of domains or addresses instead',
  },
  {
    isLine: /^(!?\/.*\/[a-zA-Z]*(\s+\S|$)|if\s+!?\/|endif\s*$)/,
    message: 'this is a regexp or pcre map of Postfix: list the domains or addresses themselves',
  },
  {
    isLine: /^[\d.]+\/\d+\s|^[0-9a-f:]*::?[0-9a-f:]*\/\d+\s/i,
    message: 'this is a cidr map of Postfix: list the domains or addresses themselves',
  },
  { isLine: /^</, isEnough: firstLine, message: 'this is XML or HTML: name a map with one entry per line' },
  {
    isLine: /^[{[]["{\s]|^[{[]$/,
    isEnough: firstLine,
    message: 'this is JSON: name a map with one entry per line',
  },
  {
    isLine: /^[^\s:@"]*\.[^\s:@"]*:(\s|$)|^\*:\s/,
    kind: 'pairs',
    message:
      'this is a list of domains and their users, as cPanel and DirectAdmin have it (userdomains): name it under domainFiles: with the host of all its domains, { file: …, host: … }',
  },
  {
    isLine: /^("[^"]*"|[^\s:@.]+)\s*:\s*\S/,
    message:
      'this is an aliases(5) file, whose names have no domain: name a map of domains (transport(5)) or of addresses (virtual(5))',
  },
]

const ldapSetting =
  /^(server_host|search_base|query_filter|bind_dn|bind_pw|result_attribute|dnpass|auth_bind)\b/
const sqlSetting =
  /^(dbname|query|table|select_field|where_field|additional_conditions|hosts|password|dbpath)\b/
const dovecotSetting =
  /^(driver|connect|password_query|user_query|iterate_query|default_pass_scheme|auth_bind)\b/

/** `name = value`: a Postfix lookup table, or the settings of Dovecot or another program. */
function settingsFile(found: readonly Line[], name: string): string {
  const has = (setting: RegExp) => found.some(({ text }) => setting.test(text))
  if (has(dovecotSetting)) {
    return has(/^(driver|password_query|user_query|connect)\b/)
      ? 'this is a configuration of Dovecot for SQL: use sources: sql'
      : 'this is a configuration of Dovecot for LDAP: use sources: ldap'
  }
  if (has(ldapSetting)) return 'this is a Postfix lookup table for LDAP: use sources: ldap'
  if (has(sqlSetting))
    return `this is a Postfix lookup table for ${databaseOf(found, name)}: use sources: sql`
  return 'this is a file of settings (name = value): name the map of domains or addresses instead'
}

/** The tables for MySQL and PostgreSQL have the same settings, so only their names differ. */
function databaseOf(found: readonly Line[], name: string): string {
  const text = [name.slice(name.lastIndexOf('/') + 1), ...found.map((line) => line.text)]
  if (text.some((one) => /^dbpath\b/.test(one))) return 'SQLite'
  if (/pgsql|postgres/i.test(text[0] as string) || text.some((one) => /^hosts\s*=.*postgres/.test(one)))
    return 'PostgreSQL'
  return /mysql|maria/i.test(text[0] as string) ? 'MySQL' : 'MySQL or PostgreSQL'
}

function kindOfBinary(bytes: Uint8Array): string | undefined {
  const start = bytes.subarray(0, sample.bytes)
  const [first, second] = start
  const zeros = start.reduce((sum, byte) => sum + (byte === 0 ? 1 : 0), 0)
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || isWide(start, zeros))
    return 'this is UTF-16: save the file as UTF-8'
  if (zeros > 0 || (first === 0x1f && second === 0x8b))
    return 'this is a compiled map (.db, .lmdb, .cdb) or another binary file: name its source, a text file'
  return undefined
}

/** UTF-16 without a mark: every second byte is zero, and only these. */
function isWide(bytes: Uint8Array, zeros: number): boolean {
  if (bytes.length < 2 || zeros !== Math.floor(bytes.length / 2)) return false
  const at = bytes[0] === 0 ? 0 : 1
  return bytes.every((byte, index) => (byte === 0) === (index % 2 === at))
}

/** The first lines that are neither empty, nor comments, nor continued. */
function linesOf(bytes: Uint8Array): Line[] {
  const text = new TextDecoder().decode(bytes.subarray(0, sample.bytes))
  return text
    .split('\n', sample.lines)
    .map((line, index) => ({ line: index + 1, text: line.trimEnd() }))
    .filter(({ text: line }) => line !== '' && !/^[\s#;]/.test(line))
}
