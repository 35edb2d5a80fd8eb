/** Warnings about names that are valid and still wrong for what they stand for. */

/** A host name that clients connect to. */
export const hostnameWarnings = (hostname: string): string[] =>
  hostname.includes('.') && !isLocal(hostname)
    ? []
    : [
        `is ${hostname}: outside of your network, clients find no such host; write the full name, such as mail.example.org`,
      ]

/** A domain of mail addresses, or the pattern of one such as `.example.org`. */
export function domainWarnings(pattern: string): string[] {
  const domain = pattern.replace(/^\./, '')
  if (domain === '') return []
  if (isLocal(domain)) return ['is a name of this machine only: no mail client asks for it']
  if (!domain.includes('.') || publicSuffix.test(domain)) {
    return pattern.startsWith('.')
      ? [`covers every domain under ${domain}, which belong to many people: are all of them yours?`]
      : [
          'looks like a public suffix, under which others register domains: mail addresses end in a longer name',
        ]
  }
  return []
}

/** RFC 6761, section 6.3. */
const isLocal = (name: string): boolean => /(?:^|\.)(?:localhost|localdomain)$/.test(name)

/** The second levels that most registries have, as in `co.uk`. The whole list changes each week. */
const publicSuffix = /^(?:ac|co|com|edu|gov|net|org)\.[a-z]{2}$/
