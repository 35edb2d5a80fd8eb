import type { SocketType } from '../model/settings.ts'
import { inLanguage } from './language.ts'

/** The words for settings, as mail programs use them. */
export interface SettingsWords {
  readonly title: (provider: string, account: string) => string
  readonly incoming: string
  readonly outgoing: string
  readonly server: string
  readonly port: string
  readonly encryption: string
  readonly encryptions: Readonly<Record<SocketType, string>>
  readonly userName: string
  readonly yourUserName: string
  readonly password: string
  readonly yourPassword: string
  readonly onApple: string
  readonly onAndroid: string
  readonly webMail: string
  readonly enable: string
}

const english: SettingsWords = {
  title: (provider, account) => `Mail at ${provider}: ${account}`,
  incoming: 'Incoming mail',
  outgoing: 'Outgoing mail',
  server: 'Server',
  port: 'Port',
  encryption: 'Encryption',
  encryptions: { SSL: 'SSL/TLS', STARTTLS: 'STARTTLS', plain: 'none' },
  userName: 'User name',
  yourUserName: 'the name that your provider gave you',
  password: 'Password',
  yourPassword: 'that of your mailbox',
  onApple: 'On an iPhone, an iPad or a Mac, open this there:',
  onAndroid: 'With Thunderbird on Android, scan this ("Import settings"):',
  webMail: 'In a web browser',
  enable: 'First, allow mail programs here',
}

const words: Readonly<Record<string, SettingsWords>> & { readonly en: SettingsWords } = {
  en: english,
  de: {
    title: (provider, account) => `E-Mail bei ${provider}: ${account}`,
    incoming: 'Posteingang',
    outgoing: 'Postausgang',
    server: 'Server',
    port: 'Port',
    encryption: 'Verschlüsselung',
    encryptions: { SSL: 'SSL/TLS', STARTTLS: 'STARTTLS', plain: 'keine' },
    userName: 'Benutzername',
    yourUserName: 'der Name, den Sie von Ihrem Anbieter haben',
    password: 'Passwort',
    yourPassword: 'das Ihres Postfachs',
    onApple: 'Auf einem iPhone, iPad oder Mac öffnen Sie dort:',
    onAndroid: 'Mit Thunderbird auf Android scannen Sie („Einstellungen importieren“):',
    webMail: 'Im Browser',
    enable: 'Erlauben Sie zuerst hier Mailprogramme',
  },
  es: {
    title: (provider, account) => `Correo de ${provider}: ${account}`,
    incoming: 'Correo entrante',
    outgoing: 'Correo saliente',
    server: 'Servidor',
    port: 'Puerto',
    encryption: 'Cifrado',
    encryptions: { SSL: 'SSL/TLS', STARTTLS: 'STARTTLS', plain: 'ninguno' },
    userName: 'Nombre de usuario',
    yourUserName: 'el que le dio su proveedor',
    password: 'Contraseña',
    yourPassword: 'la de su buzón',
    onApple: 'En un iPhone, un iPad o un Mac, abra allí:',
    onAndroid: 'Con Thunderbird en Android, escanee («Importar ajustes»):',
    webMail: 'En el navegador',
    enable: 'Antes, autorice aquí los programas de correo',
  },
  fr: {
    title: (provider, account) => `Courrier chez ${provider} : ${account}`,
    incoming: 'Courrier entrant',
    outgoing: 'Courrier sortant',
    server: 'Serveur',
    port: 'Port',
    encryption: 'Chiffrement',
    encryptions: { SSL: 'SSL/TLS', STARTTLS: 'STARTTLS', plain: 'aucun' },
    userName: 'Nom d’utilisateur',
    yourUserName: 'celui que votre fournisseur vous a donné',
    password: 'Mot de passe',
    yourPassword: 'celui de votre boîte',
    onApple: 'Sur un iPhone, un iPad ou un Mac, ouvrez-y :',
    onAndroid: 'Avec Thunderbird sur Android, scannez (« Importer les paramètres ») :',
    webMail: 'Dans le navigateur',
    enable: 'Autorisez d’abord ici les logiciels de messagerie',
  },
  it: {
    title: (provider, account) => `Posta di ${provider}: ${account}`,
    incoming: 'Posta in arrivo',
    outgoing: 'Posta in uscita',
    server: 'Server',
    port: 'Porta',
    encryption: 'Cifratura',
    encryptions: { SSL: 'SSL/TLS', STARTTLS: 'STARTTLS', plain: 'nessuna' },
    userName: 'Nome utente',
    yourUserName: 'quello ricevuto dal provider',
    password: 'Password',
    yourPassword: 'quella della casella',
    onApple: 'Su un iPhone, un iPad o un Mac, apra lì:',
    onAndroid: 'Con Thunderbird su Android, scansioni («Importa impostazioni»):',
    webMail: 'Nel browser',
    enable: 'Prima, autorizzi qui i programmi di posta',
  },
  nl: {
    title: (provider, account) => `E-mail bij ${provider}: ${account}`,
    incoming: 'Inkomende e-mail',
    outgoing: 'Uitgaande e-mail',
    server: 'Server',
    port: 'Poort',
    encryption: 'Versleuteling',
    encryptions: { SSL: 'SSL/TLS', STARTTLS: 'STARTTLS', plain: 'geen' },
    userName: 'Gebruikersnaam',
    yourUserName: 'de naam die u van uw provider kreeg',
    password: 'Wachtwoord',
    yourPassword: 'dat van uw mailbox',
    onApple: 'Open op een iPhone, iPad of Mac:',
    onAndroid: 'Scan met Thunderbird op Android (“Instellingen importeren”):',
    webMail: 'In de browser',
    enable: 'Sta hier eerst mailprogramma’s toe',
  },
  pt: {
    title: (provider, account) => `Correio de ${provider}: ${account}`,
    incoming: 'Correio recebido',
    outgoing: 'Correio enviado',
    server: 'Servidor',
    port: 'Porta',
    encryption: 'Encriptação',
    encryptions: { SSL: 'SSL/TLS', STARTTLS: 'STARTTLS', plain: 'nenhuma' },
    userName: 'Nome de utilizador',
    yourUserName: 'o que o seu fornecedor lhe deu',
    password: 'Palavra-passe',
    yourPassword: 'a da sua caixa',
    onApple: 'Num iPhone, iPad ou Mac, abra aí:',
    onAndroid: 'Com o Thunderbird no Android, leia («Importar definições»):',
    webMail: 'No navegador',
    enable: 'Primeiro, autorize aqui os programas de correio',
  },
}

export const settingsWords = (languages: readonly string[] | undefined): SettingsWords =>
  inLanguage(words, languages)
