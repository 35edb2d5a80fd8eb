/**
 * Checks manifests of Kubernetes on standard input against the types of Kubernetes: unknown keys, values of the wrong type, and
 * unknown kinds. The first argument is the directory of @kubernetes/client-node, which has the types.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseAllDocuments } from 'yaml'

type Attribute = { readonly baseName: string; readonly type: string }
type Model = { getAttributeTypeMap(): readonly Attribute[] }

const [directory = ''] = process.argv.slice(2)
const models: Record<string, Model> = await import(
  pathToFileURL(join(directory, 'dist/gen/models/all.js')).href
)

/** Types of the Prometheus Operator, as far as the chart uses them (monitoring.coreos.com/v1). */
const text = 'string'
const monitorTypes: Record<string, Readonly<Record<string, string>>> = {
  ServiceMonitor: { apiVersion: text, kind: text, metadata: 'V1ObjectMeta', spec: 'MonitorSpec' },
  MonitorSpec: { selector: 'V1LabelSelector', endpoints: 'Array<MonitorEndpoint>' },
  MonitorEndpoint: { port: text, path: text, interval: text },
}

/** Plain types, by name. */
const plain: Readonly<Record<string, (value: unknown) => boolean>> = {
  any: () => true,
  object: () => true,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  IntOrString: (value) => typeof value === 'number' || typeof value === 'string',
}

const findings: string[] = []
let count = 0
let input = ''
for await (const chunk of process.stdin) input += chunk
for (const document of parseAllDocuments(input)) {
  for (const { message } of document.errors) findings.push(message)
  const manifest = document.toJS()
  if (manifest === null) continue
  count++
  const { apiVersion = '', kind = '' } = manifest
  const version = apiVersion.split('/').at(-1)
  const type = kind in monitorTypes ? kind : `${version.charAt(0).toUpperCase()}${version.slice(1)}${kind}`
  checkValue(manifest, type, `${kind} ${manifest.metadata?.name}`)
}
if (count === 0) findings.push('no manifests')
for (const finding of findings) console.error(finding)
console.log(`${count} manifests, ${findings.length} errors`)
process.exitCode = findings.length > 0 ? 1 : 0

function checkValue(value: unknown, type: string, place: string): void {
  const [, element] = /^Array<(.*)>$/.exec(type) ?? []
  const [, entry] = /^\{ \[key: string\]: (.*); \}$/.exec(type) ?? []
  const isPlain = plain[type]
  if (isPlain) {
    if (!isPlain(value)) findings.push(`${place}: must be ${type}`)
  } else if (element !== undefined) {
    if (Array.isArray(value))
      for (const [index, item] of value.entries()) checkValue(item, element, `${place}[${index}]`)
    else findings.push(`${place}: must be a list`)
  } else if (!isMapping(value)) {
    findings.push(`${place}: must be a mapping`)
  } else if (entry !== undefined) {
    for (const [key, item] of Object.entries(value)) checkValue(item, entry, `${place}.${key}`)
  } else {
    checkAttributes(value, type, place)
  }
}

function checkAttributes(value: Readonly<Record<string, unknown>>, type: string, place: string): void {
  const attributes = attributesOf(type)
  if (!attributes) findings.push(`${place}: unknown type ${type}`)
  for (const [key, item] of Object.entries(attributes ? value : {})) {
    const attribute = attributes?.get(key)
    if (attribute === undefined) findings.push(`${place}.${key}: unknown key`)
    else checkValue(item, attribute, `${place}.${key}`)
  }
}

function attributesOf(type: string): ReadonlyMap<string, string> | undefined {
  const own = monitorTypes[type]
  if (own) return new Map(Object.entries(own))
  const list = models[type]?.getAttributeTypeMap()
  return list && new Map(list.map(({ baseName, type }) => [baseName, type]))
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
