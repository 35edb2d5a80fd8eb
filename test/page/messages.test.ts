import t, { type Test } from 'tap'
import {
  Catalogue,
  type PageLanguage,
  pageCatalogue,
  pageLanguages,
  type SettingsLanguage,
  settingsLanguages,
} from '../../src/messages/catalogue.ts'
import { authentications, socketTypes } from '../../src/model/settings.ts'
import { run } from '../support/command.ts'
import { configFolder, example, openApp } from '../support/example.ts'
import { askedFor, built, type Message, messagesOf, quoted } from '../support/messages.ts'

/** The catalogues whose sentences are ours; labels.ftl has the words of mail programs, as they are. */
const catalogues: readonly (readonly [SettingsLanguage, string])[] = [
  ...pageLanguages.flatMap((language) => [[language, 'page'] as const, [language, 'clients'] as const]),
  ...settingsLanguages.map((language) => [language, 'settings'] as const),
]

/** What `check` finds in the messages of our catalogues, as lines. */
const problems = (check: (text: string, language: SettingsLanguage, message: Message) => boolean): string[] =>
  catalogues.flatMap(([language, file]) =>
    messagesOf(language, file)
      .filter((message) => !check(message.text, language, message))
      .map(({ key, text }) => `${language}/${file}.ftl: ${key} = ${text}`),
  )

t.test('every language has the same messages with the same values, in the same order', (t) => {
  const names = (messages: readonly Message[]) => messages.map(({ key, values }) => ({ key, values }))
  for (const [language, file] of catalogues)
    t.strictSame(names(messagesOf(language, file)), names(messagesOf('en', file)), `${language}/${file}.ftl`)
  t.end()
})

t.test('no message is empty, or in English in another language', (t) => {
  t.strictSame(
    problems((text) => text.trim() !== ''),
    [],
  )
  for (const [language, file] of catalogues.filter(([language]) => language !== 'en')) {
    const english = new Map(messagesOf('en', file).map(({ key, text }) => [key, text]))
    const same = messagesOf(language, file).filter(
      ({ key, text }) => english.get(key) === text && text.split(' ').length > 3,
    )
    t.strictSame(same, [], `${language}/${file}.ftl`)
  }
  t.end()
})

const usernames = ['address', 'localPart', 'derived', 'own', 'hidden']

/** Keys that are built from parts, as the code writes them, and what the part can be. */
const parts: Readonly<Record<string, readonly string[]>> = {
  'username-${it.username.kind}': usernames,
  // A username of its own has a value, so it needs no words.
  'username-in-words-${kind}': usernames.filter((kind) => kind !== 'own'),
  'trouble-password-${it.username.kind}': usernames,
  'security-${it.server.socketType}': socketTypes,
  'security-${socketType}': socketTypes,
  'settings-encryption-${server.socketType}': socketTypes,
  'authentication-${it.server.authentication}': authentications,
  'authentication-${authentication}': authentications,
  'settings-${directions[server.type]}': ['incoming', 'outgoing'],
  '${it.kind}-heading': ['start', 'unknown', 'invalidLink'],
  '${it.kind}-text': ['start', 'unknown', 'invalidLink'],
}

t.test('every message is used, and no message is missing', (t) => {
  const ours = ['page', 'settings'].flatMap((file) => messagesOf('en', file).map(({ key }) => key))
  const known = new Set([...ours, ...messagesOf('en', 'clients').map(({ key }) => key)])
  const isOurs = (template: string) => {
    const pattern = new RegExp(`^${template.replace(/\$\{[^}]*\}/g, '[\\w-]+')}$`)
    return ours.some((key) => pattern.test(key))
  }
  t.strictSame(
    new Set(built.filter(isOurs)),
    new Set(Object.keys(parts)),
    'the table of this test is complete',
  )
  const expanded = Object.entries(parts).flatMap(([template, values]) =>
    values.map((value) => template.replace(/\$\{[^}]*\}/, value)),
  )
  t.strictSame(
    [...expanded, ...askedFor].filter((key) => !known.has(key)),
    [],
    'missing',
  )
  const used = new Set([...expanded, ...quoted])
  t.strictSame(
    ours.filter((key) => !used.has(key)),
    [],
    'not used',
  )
  t.end()
})

/** The quotation marks and apostrophes of each language. */
const marks: Readonly<Record<SettingsLanguage, string>> = {
  en: '“”’',
  fr: '«»’',
  nl: '‘’',
  de: '„“’',
  es: '«»',
  it: '«»’',
  pt: '«»',
}

t.test('quotation marks, apostrophes, dots and spaces are those of the language', (t) => {
  const checks: Readonly<Record<string, Parameters<typeof problems>[0]>> = {
    'no straight quote or apostrophe': (text) => !/["'`]/.test(text),
    'only the marks of the language': (text, language) =>
      [...text].every((mark) => !/[“”‘’‚„«»]/.test(mark) || marks[language].includes(mark)),
    'an ellipsis is one character': (text) => !text.includes('..'),
    'no hyphen in place of a dash': (text) => !/\s-\s/.test(text),
    'no space at an end, and never two': (text) => text === text.trim() && !/\s\s/.test(text),
    'a number and its noun stay on one line': (text) =>
      !/(?<![\p{L}\d]|(?:OS|and|et|en|und) )\d+ \p{L}/u.test(text),
    'French spaces before a colon and inside quotation marks': (text, language) =>
      language !== 'fr' || !/[^\u00a0]:|«[^\u00a0]|[^\u00a0]»/.test(text),
    'French spaces before ; ! ?': (text, language) =>
      language !== 'fr' || !/(?<!\u202f|«\u00a0)[;!?]/.test(text),
    'no space before punctuation elsewhere': (text, language) => language === 'fr' || !/\s[:;!?]/.test(text),
    'no comma or full stop after a space': (text) => !/\s[.,]/.test(text),
  }
  for (const [name, check] of Object.entries(checks)) t.strictSame(problems(check), [], name)
  t.end()
})

t.test('one term for one thing', (t) => {
  /** Words that translators might write, and the glossary does not. Names of programs and values do not count. */
  const others: Readonly<Partial<Record<SettingsLanguage, RegExp>>> = {
    en: /user name|login name|\bemail\b|access data/i,
    fr: /nom d’usager|login|\bemail\b|(?<![eE]-)\bmails?\b|courriel|identifiant\b|boîte (?!aux lettres)/,
    nl: /gebruikers naam|\bemail\b|wachtzin|paswoord|postvak/i,
    de: /(?<!be)nutzername|kennwort|\bemail\b|mailbox|mailprogramm/i,
    es: /clave|usuario de correo/i,
    it: /parola d’ordine|casella postale/i,
    pt: /senha|usuário/i,
  }
  t.strictSame(
    problems((text, language) => !others[language]?.test(text.replace(/\{[^}]*\}|Samsung Email/g, ''))),
    [],
  )
  t.end()
})

t.test('people read nothing of the program behind the page', (t) => {
  t.strictSame(
    problems((text) => !/mail-autoconfig/.test(text)),
    [],
  )
  t.end()
})

t.test('a message that is missing, and a value that is missing, are errors', (t) => {
  const english = new Catalogue('en', ['settings'])
  t.equal(english.text('settings-webmail', { url: 'https://a.example' }), 'In the browser: https://a.example')
  t.throws(() => english.text('settings-nothing'), { message: 'no message "settings-nothing" in en' })
  t.throws(() => english.text('settings-webmail'), { message: /^message "settings-webmail" in en: .*url/ })
  t.ok(english.has('settings-server'))
  t.notOk(english.has('page-heading'), 'the settings in words need no other file')
  t.equal(pageCatalogue('fr'), pageCatalogue('fr'), 'a catalogue is read once')
  t.end()
})

const everything = {
  ...example,
  provider: { ...example.provider, contact: { email: 'help@all2all.org' } },
  hosts: {
    max: {
      hostname: 'maximusconfessor.all2all.org',
      webMail: 'https://maximusconfessor.all2all.org/webmail',
      limits: { messageSize: '12MB', quota: '1GB' },
    },
  },
  domains: { 'example.org': 'max' },
}

/** What a page says, without the spaces of its lines. U+00A0 and U+202F stay. */
async function textOfPage(t: Test, language: PageLanguage, config: object, address: string): Promise<string> {
  const file = configFolder(t, config)
  const { exitCode, stdout, stderr } = await run([
    ...['render', 'page', address],
    ...['--config', file, '--language', language],
  ])
  t.equal(exitCode, 0, stderr)
  t.notMatch(stdout, /[\u2066-\u2069]/, 'no invisible isolates, which people would copy')
  t.notMatch(stdout, /mail-autoconfig/)
  t.notMatch(stdout, /\{ ?\$|undefined|NaN/)
  const body = stdout.slice(stdout.indexOf('<main'))
  return body
    .replace(/<wbr>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/[ \n]+/g, ' ')
    .replace(/ ([.,])/g, '$1')
}

/** The subjects of a provider's manual, one assertion for each, in the order of `pageLanguages`. */
const subjects: Readonly<Record<string, readonly [en: RegExp, fr: RegExp, nl: RegExp, de: RegExp]>> = {
  'a program, or a browser': [
    /on any computer, without a mail program/,
    /sur n’importe quel ordinateur, sans logiciel/,
    /op elke computer e-mail lezen en versturen, zonder mailprogramma/,
    /an jedem Computer E-Mails lesen und senden, ohne E-Mail-Programm/,
  ],
  'IMAP keeps mail on the server': [
    /IMAP keeps your mail on the server/,
    /Avec IMAP, votre courrier reste sur le serveur\u00a0:/,
    /Met IMAP blijft uw e-mail op de server/,
    /Mit IMAP bleiben Ihre E-Mails auf dem Server/,
  ],
  'POP3 moves mail to one computer': [
    /POP3 moves your mail to one computer/,
    /POP3 transfère votre courrier sur un ordinateur/,
    /POP3 haalt uw berichten naar één computer/,
    /POP3 holt Ihre E-Mails auf einen Computer/,
  ],
  quota: [/holds 1\u00a0GB\./, /contenir 1\u00a0Go\./, /past 1\u00a0GB\./, /fasst 1\u00a0GB\./],
  'emptying the trash': [
    /until you empty the trash/,
    /vidé la corbeille/,
    /tot u de prullenbak leegt/,
    /bis Sie den Papierkorb leeren/,
  ],
  'size of a message': [
    /at most 12\u00a0MB/,
    /au plus 12\u00a0Mo/,
    /hoogstens 12\u00a0MB/,
    /höchstens 12\u00a0MB/,
  ],
  'sending from elsewhere': [
    /on the road\./,
    /en déplacement\./,
    /onderweg versturen\./,
    /unterwegs senden\./,
  ],
  'the server of the Internet provider': [
    /Internet provider usually works only at home/,
    /fournisseur d’accès à Internet ne marche en général qu’à la maison/,
    /internetprovider werkt meestal alleen thuis/,
    /Internetanbieters funktioniert meist nur zu Hause/,
  ],
  'the address of the webmail': Array(4).fill(
    /: https:\/\/maximusconfessor\.all2all\.org\/webmail /,
  ) as never,
  'webmail and POP3': [
    /Do not use the webmail together with .* POP3/,
    /N’utilisez pas le webmail en même temps .* POP3/,
    /Gebruik de webmail niet samen met .* POP3/,
    /Verwenden Sie das Webmail nicht zusammen mit .* POP3/,
  ],
  'address and language at the first use': [
    /The first time, .* address exactly as your administrator gave it .* language\./,
    /La première fois, .* adresse exactement comme votre administrateur .* langue\./,
    /de eerste keer .* adres precies zo in als uw beheerder .* taal\./,
    /beim ersten Mal .* Adresse genau so ein, wie Sie sie von Ihrem Administrator .* Sprache\./,
  ],
  'absence and forwarding: the person to ask': [
    /forwarding Your administrator sets them up .* who gave you your login details/,
    /redirections C’est votre administrateur .* qui vous a donné vos identifiants/,
    /doorsturen Uw beheerder .* degene die u uw inloggegevens heeft gegeven/,
    /Weiterleitungen Ihr Administrator .* Person, von der Sie Ihre Zugangsdaten haben/,
  ],
  'a good password': [
    /At least 12\u00a0characters/,
    /Au moins 12\u00a0caractères/,
    /Minstens 12\u00a0tekens/,
    /Mindestens 12\u00a0Zeichen/,
  ],
  'a weak password, or one that is the username': [
    /the same as your username, .* ask your administrator for a new one/,
    /identique à votre nom d’utilisateur, .* demandez-en un nouveau à votre administrateur/,
    /hetzelfde als uw gebruikersnaam, .* vraag uw beheerder om een nieuw wachtwoord/,
    /gleich Ihrem Benutzernamen, .* Bitten Sie Ihren Administrator um ein neues/,
  ],
  'programs differ in their words': [
    /Programs have different words for the same thing/,
    /Les logiciels ont des mots différents pour la même chose\u202f;/,
    /Programma’s hebben verschillende woorden voor hetzelfde/,
    /Programme haben verschiedene Wörter für dieselbe Sache/,
  ],
  'check what you type': [
    /Compare every value with this page, letter by letter/,
    /Comparez chaque valeur avec cette page, lettre par lettre/,
    /Vergelijk elke waarde met deze pagina, letter voor letter/,
    /Vergleichen Sie jeden Wert mit dieser Seite, Buchstabe für Buchstabe/,
  ],
  'login details come from the administrator': [
    /Your administrator gave you your username, your password and the name of the server/,
    /Votre administrateur vous a donné votre nom d’utilisateur, votre mot de passe et le nom du serveur/,
    /Uw beheerder heeft u .* uw gebruikersnaam, uw wachtwoord en de naam van de server gegeven/,
    /Benutzername, Passwort und Server hat Ihnen Ihr Administrator gegeben/,
  ],
  'refused password: the username first': [
    /refused First check the username/,
    /refusé Vérifiez d’abord le nom d’utilisateur/,
    /geweigerd Controleer eerst de gebruikersnaam/,
    /abgelehnt Prüfen Sie zuerst den Benutzernamen/,
  ],
  'no sending: the password of the outgoing server': [
    /settings of the outgoing server .* needs a username and a password as well/,
    /paramètres du serveur sortant .* un nom d’utilisateur et un mot de passe/,
    /instellingen van de uitgaande server: ook daar .* een gebruikersnaam en een wachtwoord/,
    /Einstellungen des Postausgangsservers: Auch er .* einen Benutzernamen und ein Passwort/,
  ],
  'a certificate: stop and ask': [
    /Stop: do not accept the certificate, .* ask all2all mail: /,
    /Arrêtez-vous\u00a0: n’acceptez pas le certificat .* adressez-vous à all2all mail\u00a0: /,
    /Stop: accepteer het certificaat niet .* neem dan contact op met all2all mail: /,
    /Halt: Akzeptieren Sie das Zertifikat nicht, .* fragen Sie all2all mail: /,
  ],
  'no settings found: type them': [
    /Choose the manual setup of your program/,
    /Choisissez la configuration manuelle de votre logiciel/,
    /Kies in uw programma voor handmatig instellen/,
    /Wählen Sie in Ihrem Programm die manuelle Einrichtung/,
  ],
}

for (const [index, language] of pageLanguages.entries()) {
  t.test(`the page covers the manual of a provider, in ${language}`, async (t) => {
    const text = await textOfPage(t, language, everything, 'jane@example.org')
    for (const [subject, patterns] of Object.entries(subjects))
      t.match(text, patterns[index] as RegExp, subject)
  })

  t.test(`the username comes first and is never a guess, in ${language}`, async (t) => {
    const withUsername = (username: string) => ({
      ...everything,
      domains: { 'example.org': { host: 'max', username } },
    })
    const accounts = { map: { 'jane@example.org': 'user0001' } }
    const derived = '%EMAILLOCALPART%.%EMAILDOMAIN%'
    const cases: [kind: string, config: object, address: string, value: string | undefined][] = [
      ['address', everything, 'jane@example.org', 'jane@example.org'],
      ['address', everything, 'example.org', undefined],
      ['localPart', withUsername('%EMAILLOCALPART%'), 'jane@example.org', 'jane'],
      ['localPart', withUsername('%EMAILLOCALPART%'), 'example.org', undefined],
      ['derived', withUsername(derived), 'example.org', undefined],
      ['own', withUsername(derived), 'jane@example.org', 'jane.example.org'],
      [
        'own',
        { ...everything, accounts: { ...accounts, disclose: 'public' } },
        'jane@example.org',
        'user0001',
      ],
      ['hidden', { ...everything, accounts }, 'jane@example.org', undefined],
      ['hidden', { ...everything, accounts }, 'example.org', undefined],
    ]
    const catalogue = pageCatalogue(language)
    for (const [kind, config, address, value] of cases) {
      const text = await textOfPage(t, language, config, address)
      const sentence = catalogue.text(`username-${kind}`)
      const heading = catalogue.text('username-heading')
      const expected = value === undefined ? `${heading} ${sentence}` : `${heading} ${value} ${sentence}`
      t.ok(text.includes(expected), `${kind}, ${address}: ${expected}`)
      const incoming = catalogue.text('incoming-heading', { protocol: 'IMAP' })
      t.ok(text.indexOf(sentence) < text.indexOf(incoming), 'before the servers')
      const trouble = catalogue.text(`trouble-password-${kind}`, { username: value ?? '' })
      t.ok(text.includes(trouble), `${kind}: ${trouble}`)
      if (value === undefined) {
        const words = catalogue.text(`username-in-words-${kind}`)
        const [settings = ''] = text.split(catalogue.text('clients-heading'))
        t.equal(settings.split(`${heading} ${words} `).length, 4, 'in words beside IMAP, POP3 and SMTP')
        t.notMatch(text, /user0001/)
      }
    }
  })

  t.test(`a server that needs no login is not said to need a password, in ${language}`, async (t) => {
    const smtp = { type: 'smtp', hostname: 'relay.all2all.org', port: 25, socketType: 'STARTTLS' }
    const max = {
      ...everything.hosts.max,
      shape: 'all',
      servers: ['imaps', { ...smtp, authentication: ['client-IP-address'] }],
    }
    const text = await textOfPage(t, language, { ...everything, hosts: { max } }, 'jane@example.org')
    const catalogue = pageCatalogue(language)
    const values = { 'outgoing-hostname': 'relay.all2all.org', 'outgoing-port': '25' }
    const sentence = (key: string) =>
      catalogue.text(key, { ...values, 'incoming-hostname': 'maximusconfessor.all2all.org' })
    for (const key of ['trouble-sending-network', 'help-sending-network', 'trouble-certificate-servers'])
      t.ok(text.includes(sentence(key)), sentence(key))
  })

  t.test(`a page without settings says what to do, in ${language}`, async (t) => {
    const { app } = await openApp(t, { ...everything, publicName: 'autoconfig.all2all.org' })
    const catalogue = pageCatalogue(language)
    const pages = {
      start: '/?',
      unknown: '/?emailaddress=jane@elsewhere.example&',
      invalidLink: '/setup/a.b.c?',
    }
    for (const [kind, url] of Object.entries(pages)) {
      const headers = { host: 'autoconfig.all2all.org', accept: 'text/html' }
      const { body } = await app.inject({ url: `${url}lang=${language}`, headers })
      const heading = catalogue.text(`${kind}-heading`)
      t.match(body, `<title>${heading}</title>`)
      t.match(body, `<h1>${heading}</h1>`)
      t.match(body, catalogue.text(`${kind}-text`))
      t.match(body, catalogue.text('form-submit'), 'and asks for the address')
      t.match(body, 'mailto:help@all2all.org')
      t.notMatch(body, /mail-autoconfig|[\u2066-\u2069]/)
    }
  })
}
