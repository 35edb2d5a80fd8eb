import type { Client } from '../client.ts'

/** Clients that ask neither the domain nor its DNS, and how people set them up instead. */
function asksNobody(id: string, name: string, version: string, instead: string): Client {
  return {
    id,
    name,
    version,
    date: '2026-11-25',
    known: 'documented',
    asksNobody: true,
    async rehearse(walk) {
      walk.skip(`settings of ${walk.asked.domain}`, `${name} asks nobody for settings; ${instead}`)
      return undefined
    },
  }
}

export const appleMail = asksNobody(
  'apple-mail',
  'Apple Mail',
  'iOS 26, macOS 26',
  'people install a profile (.mobileconfig) or type the settings',
)

export const newOutlook = asksNobody(
  'new-outlook',
  'New Outlook',
  '2026',
  "Microsoft's servers guess, and people type the settings",
)

export const gmail = asksNobody('gmail', 'Gmail', '2026', 'it guesses, and people type the settings')

export const samsungEmail = asksNobody(
  'samsung-email',
  'Samsung Email',
  '2026',
  'it guesses, and people type the settings',
)
