import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Logo, PageDesign } from '../model/page-settings.ts'
import { failure, type Result, success } from '../model/result.ts'
import type { Reading } from '../reading/reading.ts'
import { suggestion } from '../reading/suggestion.ts'
import { nearestWithContrast, paper } from './colours.ts'
import type { PageSection } from './page-section.ts'
import { templateError, templateNames } from './templates.ts'

/** Reads `page:` and the files that it names. */
export async function readDesign(section: PageSection, reading: Reading): Promise<PageDesign> {
  const { language, logo: logoFile, accent, accentDark, templates: directory } = section
  const logo = logoFile === undefined ? undefined : await readLogo(logoFile, reading)
  return {
    language,
    ...(logo && { logo }),
    accent,
    accentDark: accentDark ?? nearestWithContrast(accent, paper.dark),
    templates: directory === undefined ? {} : await readTemplates(directory, reading),
  }
}

/** A page is sent with its logo, perhaps over a phone. */
const largestLogo = 50_000

async function readLogo(name: string, reading: Reading): Promise<Logo | undefined> {
  const path = ['page', 'logo']
  const read = await reading.readFile(name, path, 'page')
  if (!read) return undefined
  const mediaType = logoType(read.bytes)
  if (mediaType.ok) return { mediaType: mediaType.value, bytes: read.bytes, digest: digestOf(read.bytes) }
  reading.report.error(path, `${read.file} ${mediaType.error}`)
  return undefined
}

function logoType(bytes: Uint8Array): Result<string> {
  if (bytes.length > largestLogo)
    return failure(
      `has ${Math.ceil(bytes.length / 1000)} kB; use a picture of at most ${largestLogo / 1000} kB`,
    )
  const start = Buffer.from(bytes.subarray(0, 1000)).toString('latin1')
  const found = signatures.find(([pattern]) => pattern.test(start))
  return found ? success(found[1]) : failure('is not a picture in SVG, PNG, JPEG or WebP')
}

const signatures: readonly (readonly [RegExp, string])[] = [
  [/^\x89PNG\r\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^RIFF[\s\S]{4}WEBP/, 'image/webp'],
  [
    /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!(?:--[\s\S]*?--|DOCTYPE[^>]*)>\s*)*<svg[\s>]/,
    'image/svg+xml',
  ],
]

const digestOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('base64url').slice(0, 12)

async function readTemplates(directory: string, reading: Reading): Promise<Record<string, string>> {
  const path = ['page', 'templates']
  const templates: Record<string, string> = {}
  for (const file of await reading.listFiles(directory, path, '.eta')) {
    const name = basename(file, '.eta')
    const source = await readTemplate(name, file, reading)
    if (source.ok) templates[name] = source.value
    else reading.report.error(path, `${file} ${source.error}`)
  }
  return templates
}

async function readTemplate(name: string, file: string, reading: Reading): Promise<Result<string>> {
  if (!templateNames.includes(name))
    return failure(`is not the name of a template${suggestion(name, templateNames)}`)
  const content = await reading.readListed(file, 'page')
  if (!content.ok) return failure(`cannot be read: ${content.error}`)
  const source = Buffer.from(content.value).toString('utf8')
  const problem = templateError(source)
  return problem === undefined ? success(source) : failure(problem)
}
