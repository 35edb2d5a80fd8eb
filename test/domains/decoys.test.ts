import { createHmac } from 'node:crypto'
import t, { type Test } from 'tap'
import { digestOf } from '../../src/accounts/accounts.ts'
import { lookupOf } from '../../src/model/lookup.ts'
import { loginOf } from '../../src/model/placeholders.ts'
import { accountSettings } from '../../src/model/settings.ts'
import type { Resolution } from '../../src/resolver/resolution.ts'
import { Resolver } from '../../src/resolver/resolver.ts'
import { domain, example, findings, load } from '../support/example.ts'

const secretFile = (letter: string) => ({ secret: letter.repeat(32) })

/** Public login names, with decoys. */
const withDecoys = (accounts: object, changes: object = {}) => ({
  ...example,
  ...changes,
  accounts: { disclose: 'public', decoys: true, secretFile: 'secret', ...accounts },
})

/** A Postfix map of these addresses at example.org and their login names. */
const mapOf = (logins: Readonly<Record<string, string>>): string =>
  Object.entries(logins)
    .map(([name, login]) => `${name}@example.org ${login}\n`)
    .join('')

async function open(t: Test, virtual: string, letter = 'x', changes: object = {}): Promise<Resolver> {
  const config = withDecoys({ files: ['virtual'] }, changes)
  return new Resolver(await load(t, config, { ...secretFile(letter), virtual }))
}

/** The login name that a client gets for an address. */
function ask(resolver: Resolver, localPart: string, name = 'example.org', emailMd5?: string): string {
  const address = { localPart, domain: domain(name) }
  const found = resolver.resolve(lookupOf({ address, emailMd5 })) as Resolution
  const username = found.clientConfig.servers[0]?.username ?? ''
  return loginOf(username, accountSettings(found.domain, found.clientConfig, { address })) as string
}

/** By its MD5 alone, as Evolution asks. Returns the text of the document. */
function askByDigest(resolver: Resolver, localPart: string): string | undefined {
  const address = { localPart: 'evolutionuser', domain: domain('example.org') }
  const emailMd5 = digestOf({ localPart, domain: address.domain })
  const found = resolver.resolve(lookupOf({ address, emailMd5 })) as Resolution
  return found.clientConfig.servers[0]?.username
}

const madeUp = (count: number): string[] => Array.from({ length: count }, (_, index) => `nobody${index}`)
const decoysOf = (resolver: Resolver, count = 300): string[] =>
  madeUp(count).map((name) => ask(resolver, name))

/** Numbers that look like chance and are the same in each run. */
function chance(seed: string): () => number {
  let count = 0
  return () => createHmac('sha256', seed).update(String(count++)).digest().readUInt32BE() / 2 ** 32
}

const padded = (number: number, width = 4): string => String(number).padStart(width, '0')

/** A word of letters for each number. */
const word = (index: number): string =>
  [...(index + 676).toString(26)]
    .map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26)))
    .join('')

/** The local part of a person's address. */
const person = (index: number): string => `${word(index)}.${word(7 * index)}`

const people = 400

/** Login names, as providers assign them. */
const providers: Readonly<Record<string, (index: number, random: () => number) => string>> = {
  'numbers without gaps': (index) => `user${padded(1 + index)}`,
  'numbers with gaps, in a part of all numbers': (index, random) =>
    `user${padded(3000 + 10 * index + Math.floor(10 * random()))}`,
  'numbers without leading zeros': (index, random) => `web${1 + 9 * index + Math.floor(9 * random())}`,
  'two numbers': (index, random) => `web${padded(index % 40, 2)}p${padded(Math.floor(100 * random()), 2)}`,
  'the local part': person,
  'initial and name': (index) => `${word(index)[0]}${word(7 * index)}`,
  'a prefix and the local part': (index) => `ex17_${person(index)}`,
  'the local part or a number': (index) => (index % 2 ? person(index) : `user${padded(1 + index)}`),
}

/** Whether an address exists, by what an attacker knows. */
type Guess = (login: string) => boolean

/** What an attacker can conclude from the answers to made-up addresses, and from the login names of some people they know. */
const attackers: Readonly<Record<string, (decoys: readonly string[], known: readonly string[]) => Guess>> = {
  'no decoy has this login name'(decoys) {
    const seen = new Set(decoys)
    return (login) => !seen.has(login)
  },
  'few decoys have this login name'(decoys) {
    const counts = countsOf(decoys)
    const all = [...counts.values()].sort((a, b) => a - b)
    const median = all[Math.floor(all.length / 2)] as number
    return (login) => (counts.get(login) ?? 0) < median
  },
  'many decoys have this login name'(decoys) {
    const counts = countsOf(decoys)
    const all = [...counts.values()].sort((a, b) => a - b)
    const median = all[Math.floor(all.length / 2)] as number
    return (login) => (counts.get(login) ?? 0) > median
  },
  'it is in the range of the known ones'(_decoys, known) {
    const numbers = known.map(numberOf)
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
    return (login) => numberOf(login) >= least && numberOf(login) <= most
  },
  'it is close to a known one'(_decoys, known) {
    const numbers = known.map(numberOf)
    const distance = (login: string) =>
      Math.min(...numbers.map((number) => Math.abs(number - numberOf(login))))
    return (login) => distance(login) < 3
  },
}

const numberOf = (login: string): number => Number(login.replace(/\D/g, ''))

function countsOf(logins: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const login of logins) counts.set(login, (counts.get(login) ?? 0) + 1)
  return counts
}

for (const [assigned, loginFor] of Object.entries(providers)) {
  const questions = assigned === 'numbers with gaps, in a part of all numbers' ? 50_000 : 10_000

  t.test(`${questions} questions do not reveal which addresses exist: ${assigned}`, async (t) => {
    const random = chance(assigned)
    const real = Array.from({ length: people }, (_, index) => loginFor(index, random))
    const virtual = mapOf(Object.fromEntries(real.map((login, index) => [person(index), login])))
    const resolver = await open(t, virtual)
    t.equal(ask(resolver, person(7)), real[7])
    const decoys = decoysOf(resolver, questions)
    // The attacker knows some people, and looks for the others among as many made-up addresses.
    const isKnown = (index: number) => index % 40 < 2
    const targets = Array.from({ length: 2 * people }, (_, index) => index)
      .filter((index) => !isKnown(index))
      .map((index) => ({ login: ask(resolver, person(index)), isReal: index < people }))
    const known = real.filter((_, index) => isKnown(index))
    for (const [reason, attack] of Object.entries(attackers)) {
      const guess = attack(decoys, known)
      const right = targets.filter(({ login, isReal }) => guess(login) === isReal).length / targets.length
      t.ok(right > 0.4 && right < 0.6, `${reason}: ${Math.round(100 * right)} % right`)
    }
  })
}

t.test('decoys are the same each time, and different with another secret', async (t) => {
  const virtual = 'info@example.org user1234\n'
  const resolver = await open(t, virtual)
  const decoys = decoysOf(resolver)
  t.strictSame(decoysOf(await open(t, virtual)), decoys)
  t.not(
    decoysOf(await open(t, virtual, 'y')).filter((login, index) => login === decoys[index]).length > 5,
    true,
  )
  t.ok(new Set(decoys).size > 250, 'hardly two are the same')
  t.equal(ask(resolver, 'JANE'), ask(resolver, 'jane'))
  t.equal(ask(resolver, 'jane+news'), ask(resolver, 'jane'))
  t.equal(ask(resolver, 'info+news'), 'user1234')
})

t.test(
  'hardly any decoy changes when a login name is added, since real login names do not change',
  async (t) => {
    const logins = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`n${index}`, `user${padded(9 * index)}`]),
      )
    const more = { jane: 'jane', ...logins(201) }
    const before = decoysOf(await open(t, mapOf({ bob: 'bob', ...logins(200) })), 1000)
    const after = decoysOf(await open(t, mapOf({ bob: 'bob', ...more })), 1000)
    t.ok(after.filter((login, index) => login !== before[index]).length < 30)
  },
)

const shapes: [login: string, decoy: RegExp][] = [
  ['user1234', /^user[1-9]\d{3}$/],
  ['user0042', /^user00[1-9]\d$/],
  ['web12p7', /^web[1-9]\dp[1-9]$/],
  ['web12p0', /^web[1-9]\dp\d$/],
  ['m000', /^m00\d$/],
  ['0815', /^0[1-9]\d{2}$/],
  ['7', /^[1-9]$/],
  ['12-ab-0003', /^[1-9]\d-ab-000[1-9]$/],
  ['jdoe', /^[a-z]{4}$/],
  ['J.doe-x', /^[A-Z]\.[a-z]{3}-[a-z]$/],
  ['info', /^nobody\d+$/],
  ['info@example.com', /^nobody\d+@example\.com$/],
  ['ex17_info', /^ex17_nobody\d+$/],
  ['info.ex17', /^nobody\d+\.ex17$/],
]

for (const [real, shape] of shapes) {
  t.test(`the decoys for ${real} are like it, and it may be one of them`, async (t) => {
    const config = withDecoys({ map: { 'info@example.org': real.replace('@', '\\@') } })
    const resolver = new Resolver(await load(t, config, secretFile('x')))
    t.equal(ask(resolver, 'info'), real)
    const decoys = decoysOf(resolver)
    t.strictSame(
      decoys.filter((decoy) => !shape.test(decoy)),
      [],
    )
    const firstLetters = new Set(decoys.map((decoy) => decoy.slice(0, 1)))
    if (!/\d|info/.test(real)) t.ok(firstLetters.size > 15, `all letters: ${[...firstLetters].join('')}`)
    if (/\d/.test(real) && !/info/.test(real)) {
      const all = new Set(decoysOf(resolver, 30_000))
      t.ok(all.has(real), 'otherwise repeated questions would reveal it')
      const letters = (login: string) => login.replace(/\d/g, '')
      t.ok(decoys.every((decoy) => letters(decoy) === letters(real)))
    }
  })
}

const derived: [localPart: string, login: string, decoyOfBobSmith: string][] = [
  ['jane.doe', 'jane.doe', 'bob.smith'],
  ['jane.doe', 'janedoe', 'bobsmith'],
  ['jane.doe', 'jdoe', 'bsmith'],
  ['jane.doe', 'j.doe', 'b.smith'],
  ['jane.doe', 'jane', 'bob'],
  ['jane.doe', 'doe', 'smith'],
  ['jane_doe', 'web-jdoe', 'web-bsmith'],
  ['j', 'j', 'bob.smith'],
]

for (const [localPart, login, decoy] of derived) {
  t.test(`${login} for ${localPart}: the login name of a made-up address follows from it`, async (t) => {
    const resolver = await open(t, mapOf({ [localPart]: login }))
    t.equal(ask(resolver, localPart), login)
    t.equal(ask(resolver, 'Bob.Smith+news'), decoy)
    t.equal(ask(resolver, '.'), login.startsWith('web-') ? 'web-.' : '.', 'without a name')
  })
}

t.test('a part of a number is no local part', async (t) => {
  for (const [localPart, login] of Object.entries({ user: 'user0001', '1': '2011', j: 'jdoe1' })) {
    const resolver = await open(t, mapOf({ [localPart]: login }))
    t.notMatch(ask(resolver, 'nobody'), 'nobody', login)
  }
})

t.test('a domain of mailboxes has their usernames as decoys', async (t) => {
  const hosts = { maximusconfessor: { ...example.hosts.maximusconfessor, username: '%EMAILLOCALPART%-x' } }
  const virtual = mapOf({ jane: 'jane@example.org', joan: 'joan@example.org', bob: 'user0042' })
  const resolver = await open(t, virtual, 'x', { hosts: { ...example.hosts, ...hosts } })
  t.equal(ask(resolver, 'jane'), 'jane-x')
  const decoys = madeUp(300).map((name) => ask(resolver, `${name}+news`))
  const derived = decoys.filter((decoy, index) => decoy === `nobody${index}-x`)
  const numbered = decoys.filter((decoy) => /^user00[1-9]\d$/.test(decoy))
  t.equal(derived.length + numbered.length, decoys.length)
  t.ok(numbered.length > 60 && numbered.length < 140, `a third is numbered: ${numbered.length}`)
})

t.test('a made-up address has as many leading zeros as the login names of some address', async (t) => {
  const resolver = await open(t, mapOf({ a: 'user0042', b: 'user0007' }))
  const decoys = decoysOf(resolver, 2000)
  t.ok(decoys.every((decoy) => /^user00\d\d$/.test(decoy)))
  t.equal(new Set(decoys).size, 100)
})

t.test('a domain with few login names imitates those of all domains', async (t) => {
  const lines = Array.from(
    { length: 100 },
    (_, index) => `n${index}@example.net user${padded(2000 + index)}\n`,
  )
  const decoys = decoysOf(await open(t, `info@example.org user2042\n${lines.join('')}`))
  t.ok(decoys.every((decoy) => /^user20\d\d$/.test(decoy)))
  t.ok(new Set(decoys).size > 80)
  const own = Array.from({ length: 5 }, (_, index) => `n${index}@example.org user707${index}\n`)
  const ownDecoys = decoysOf(await open(t, own.join('') + lines.join('')))
  t.ok(
    ownDecoys.every((decoy) => /^user707\d$/.test(decoy)),
    'five of its own are enough',
  )
  const four = decoysOf(await open(t, own.slice(1).join('') + lines.join('')))
  t.ok(
    four.some((decoy) => /^user20\d\d$/.test(decoy)),
    'four are not',
  )
})

t.test('a domain has only its sixteen most frequent kinds of login name as decoys', async (t) => {
  const logins = Array.from({ length: 40 }, (_, index) => [`n${index}`, `${word(index)}${index % 20}00`])
  const kinds = new Set(
    decoysOf(await open(t, mapOf(Object.fromEntries(logins))), 2000).map((login) => login.replace(/\d/g, '')),
  )
  t.equal(kinds.size, 16)
})

t.test('addresses without a login name get decoys, too', async (t) => {
  const virtual =
    'list@example.org user0001, user0002\ninfo@example.org user1234\njane@example.org jane@elsewhere.example\n'
  const resolver = await open(t, virtual)
  for (const name of ['list', 'jane', ...madeUp(50)]) t.match(ask(resolver, name), /^user[1-9]\d{3}$/, name)
})

t.test('a domain without login names has no decoys', async (t) => {
  const virtual = 'list@example.org a@elsewhere.example, b@elsewhere.example\n@example.net user0001\n'
  const resolver = await open(t, virtual)
  t.equal(ask(resolver, 'nobody'), 'nobody@example.org')
  t.equal(ask(resolver, 'nobody', 'example.net'), 'user0001', 'every address of the domain exists')
})

t.test('an address and its MD5 get the same decoy, unless it follows from the address', async (t) => {
  const numbers = await open(t, 'info@example.org user1234\n')
  t.equal(askByDigest(numbers, 'info'), 'user1234')
  for (const name of madeUp(20)) t.equal(askByDigest(numbers, name), ask(numbers, name))
  for (const login of ['jane.doe', 'jdoe', 'jane.doe@example.org']) {
    const names = await open(t, mapOf({ 'jane.doe': login }))
    t.equal(askByDigest(names, 'jane.doe'), '%EMAILADDRESS%', 'a decoy cannot be made from an MD5')
    for (const name of ['nobody', 'bob.smith']) t.equal(askByDigest(names, name), '%EMAILADDRESS%')
  }
})

t.test('check counts the addresses that no decoy is like', async (t) => {
  const warningsOf = async (logins: Record<string, string>) =>
    (await findings(t, withDecoys({ files: ['virtual'] }), { ...secretFile('x'), virtual: mapOf(logins) }))
      .warnings
  const usual = { info: 'user0001', jane: 'jane', bob: 'bob@example.org', list: 'a@elsewhere.example' }
  t.strictSame(await warningsOf(usual), [])
  const message = (start: string) =>
    `autoconfig.yaml:15:11 accounts.decoys ${start}: the login name has no number and does not follow from the address, as jdoe for sales@example.org, so no decoy looks like it`
  t.strictSame(await warningsOf({ ...usual, sales: 'jdoe' }), [message('do not hide 1 address')])
  t.strictSame(await warningsOf({ ...usual, sales: 'jdoe', office: 'bob@example.org' }), [
    message('do not hide 2 addresses'),
  ])
})

t.test(
  'a mailbox on a mail host is a login that decoys follow, and an address without a login is not',
  async (t) => {
    const logins = {
      info: 'user0001@maximusconfessor.all2all.org',
      list: 'user0002, user0003',
      jane: 'user0004',
    }
    const resolver = await open(t, mapOf(logins))
    t.equal(ask(resolver, 'info'), 'user0001')
    t.match(ask(resolver, 'jane'), /^user\d{4}$/)
    for (const decoy of decoysOf(resolver, 20)) t.match(decoy, /^user\d{4}$/)
  },
)
