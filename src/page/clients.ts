/** A mail program or device that the page explains. Its guide is the template `client-<id>.eta`. */
export interface Client {
  /** As in `?client=`. */
  readonly id: string
  /** Its own name, the same in all languages. `other` has a message instead. */
  readonly name?: string
  /** Where people use it; the first of these clients is explained first. */
  readonly devices: readonly Device[]
}

export type Device = 'iphone' | 'mac' | 'samsung' | 'android' | 'windows' | 'linux'

/** In the order of the page. */
export const clients: readonly Client[] = [
  { id: 'thunderbird', name: 'Thunderbird', devices: ['windows', 'linux', 'mac'] },
  { id: 'outlook', name: 'Outlook', devices: ['windows'] },
  { id: 'iphone', name: 'iPhone, iPad', devices: ['iphone'] },
  { id: 'mac', name: 'Apple Mail (Mac)', devices: ['mac'] },
  { id: 'thunderbird-android', name: 'Thunderbird (Android)', devices: ['android', 'samsung'] },
  { id: 'gmail', name: 'Gmail (Android)', devices: ['android'] },
  { id: 'samsung', name: 'Samsung Email', devices: ['samsung'] },
  { id: 'fairemail', name: 'FairEmail', devices: ['android'] },
  { id: 'evolution', name: 'Evolution', devices: ['linux'] },
  { id: 'kmail', name: 'KMail', devices: ['linux'] },
  { id: 'other', devices: [] },
]

/** The clients that are the first choice on each device, for people who did not choose. */
const firstOn: Readonly<Record<Device, string>> = {
  iphone: 'iphone',
  mac: 'mac',
  samsung: 'thunderbird-android',
  android: 'thunderbird-android',
  windows: 'thunderbird',
  linux: 'thunderbird',
}

/** The patterns of `User-Agent`, the most specific first: Android names Linux, and an iPhone names Mac OS X. */
const devicePatterns: readonly (readonly [RegExp, Device])[] = [
  [/iPhone|iPad|iPod/, 'iphone'],
  [/SamsungBrowser|Android.*; SM-/, 'samsung'],
  [/Android/, 'android'],
  [/Macintosh/, 'mac'],
  [/Windows/, 'windows'],
  [/Linux|X11|CrOS/, 'linux'],
]

export const isClient = (id: string | undefined): boolean => clients.some((client) => client.id === id)

/** The id of the client that a person asks about (`?client=`), or else that their device suggests. */
export function clientFor(asked: string | undefined, userAgent: string | undefined): string {
  if (asked !== undefined && isClient(asked)) return asked
  const device = devicePatterns.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1]
  return device === undefined ? (clients[0] as Client).id : firstOn[device]
}

/** The client with this id first, then those of the same devices, then the others. */
export function clientsFrom(chosen: string): readonly Client[] {
  const first = clients.find(({ id }) => id === chosen) as Client
  const isNear = ({ devices }: Client): boolean => devices.some((device) => first.devices.includes(device))
  const others = clients.filter((client) => client !== first)
  return [first, ...others.filter(isNear), ...others.filter((client) => !isNear(client))]
}
