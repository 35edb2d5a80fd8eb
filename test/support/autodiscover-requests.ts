import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import {
  type Answer,
  requestSchema,
  responseSchema,
} from '../../src/rehearsal/autodiscover-readers/reader.ts'
import { parseXml } from '../../src/rehearsal/readers/xml.ts'

export const path = '/autodiscover/autodiscover.xml'
export const jsonPath = '/autodiscover/autodiscover.json'

/** As Outlook sends it. Each odd request is this one with one thing changed. */
export const request = (address: string, schema = responseSchema, namespace = requestSchema): string =>
  `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="${namespace}"><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>${schema}</AcceptableResponseSchema></Request></Autodiscover>`

export const outlookHeaders = {
  'content-type': 'text/xml',
  'user-agent': 'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.4266; Pro)',
  'x-mapihttpcapability': '1',
  depth: '0',
}

export interface Asked {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'OPTIONS' | 'PUT' | 'DELETE'
  readonly url?: string
  readonly host?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** Asks, and looks at what holds of every answer here. */
export async function ask(t: Test, app: FastifyInstance, asked: Asked) {
  const {
    method = asked.body === undefined ? 'GET' : 'POST',
    url = path,
    host = 'mail.elsewhere.example',
  } = asked
  const response = await app.inject({
    method,
    url,
    headers: { host, ...asked.headers },
    ...(asked.body === undefined
      ? {}
      : { payload: typeof asked.body === 'string' ? asked.body : Buffer.from(asked.body) }),
  })
  const { statusCode, headers, rawPayload } = response
  // A 401 makes Thunderbird say that the password is wrong.
  if (statusCode === 401 || headers['www-authenticate'] !== undefined) t.fail('asks for a password')
  if (headers['set-cookie'] !== undefined) t.fail('sets a cookie')
  if (statusCode < 500 && statusCode !== 405 && statusCode !== 204 && headers['cache-control'] !== 'no-store')
    t.fail(`may be kept: ${statusCode}, ${headers['cache-control']}`)
  return {
    status: statusCode,
    headers,
    text: response.body,
    answer: {
      status: statusCode,
      contentType: String(headers['content-type'] ?? ''),
      body: rawPayload,
    } satisfies Answer,
    ...whatIsSaid(response.body),
  }
}

/** Of POX: the code of the error, or the login, if any; and of settings, that they are some. */
function whatIsSaid(text: string): { error?: number; login?: string; hasSettings: boolean } {
  if (!text.startsWith('<?xml')) return { hasSettings: false }
  const { root } = parseXml(Buffer.from(text))
  const texts = new Map<string, string>()
  const visit = (element: typeof root): void => {
    if (!texts.has(element.name)) texts.set(element.name, element.parts.map((part) => part.text).join(''))
    element.children.forEach(visit)
  }
  visit(root)
  const error = texts.get('ErrorCode')
  const login = texts.get('LoginName')
  return {
    ...(error === undefined ? {} : { error: Number(error) }),
    ...(login === undefined ? {} : { login }),
    hasSettings: texts.has('Protocol'),
  }
}
