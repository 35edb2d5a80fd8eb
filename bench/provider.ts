/** The provider whose documents are measured: with three servers and some documentation they have about two kilobytes. */
export const provider = {
  id: 'all2all.org',
  displayName: 'all2all mail',
  displayShortName: 'all2all',
  documentation: [
    {
      url: 'https://www.all2all.org/support/mail/clients',
      descr: {
        en: 'How to set up your mail program',
        fr: 'Comment configurer votre logiciel de messagerie',
        nl: 'Uw mailprogramma instellen',
        de: 'So richten Sie Ihr Mailprogramm ein',
      },
    },
    {
      url: 'https://www.all2all.org/support/mail/passwords',
      descr: {
        en: 'How to change your password',
        fr: 'Comment changer votre mot de passe',
        nl: 'Uw wachtwoord wijzigen',
        de: 'So ändern Sie Ihr Passwort',
      },
    },
  ],
} as const

/** The full name of one of the provider's mail hosts. */
export const hostnameOf = (hostKey: string): string => `${hostKey}.${provider.id}`
