import { inLanguage } from './language.ts'

/** The text that the device shows before it installs a profile. */
export interface ProfileTexts {
  /** `account`: the provider and the address. */
  readonly title: (account: string) => string
  readonly description: (provider: string) => string
}

const languages: Readonly<Record<string, ProfileTexts>> & { readonly en: ProfileTexts } = {
  en: {
    title: (account) => `Mail: ${account}`,
    description: (provider) =>
      `Sets up your mail at ${provider} on this device. Your password is asked for when you install it.`,
  },
  de: {
    title: (account) => `E-Mail: ${account}`,
    description: (provider) =>
      `Richtet Ihre E-Mail bei ${provider} auf diesem Gerät ein. Nach Ihrem Passwort werden Sie bei der Installation gefragt.`,
  },
  es: {
    title: (account) => `Correo: ${account}`,
    description: (provider) =>
      `Configura su correo de ${provider} en este dispositivo. Se le pedirá la contraseña al instalarlo.`,
  },
  fr: {
    title: (account) => `Courrier : ${account}`,
    description: (provider) =>
      `Configure votre courrier chez ${provider} sur cet appareil. Votre mot de passe vous sera demandé à l’installation.`,
  },
  it: {
    title: (account) => `Posta: ${account}`,
    description: (provider) =>
      `Configura la Sua posta di ${provider} su questo dispositivo. La password verrà chiesta durante l’installazione.`,
  },
  nl: {
    title: (account) => `E-mail: ${account}`,
    description: (provider) =>
      `Stelt uw e-mail bij ${provider} in op dit apparaat. Bij het installeren wordt om uw wachtwoord gevraagd.`,
  },
  pt: {
    title: (account) => `Correio: ${account}`,
    description: (provider) =>
      `Configura o seu correio de ${provider} neste dispositivo. A palavra-passe é pedida durante a instalação.`,
  },
}

export const textsFor = (wanted: readonly string[] | undefined): ProfileTexts => inLanguage(languages, wanted)
