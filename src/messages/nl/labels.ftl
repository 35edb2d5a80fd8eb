# The words of mail programs, exactly as they are on the screen, but without a colon at the end. docs/labels.md says where they come from.
# A word without a source in a language is not in the file of the language: people then see the English word, marked as English.

# Thunderbird 153 (accountHub.ftl, appmenu.ftl)
thunderbird-add = Account toevoegen
thunderbird-email = E-mail
thunderbird-continue = Doorgaan
thunderbird-found = Configuratie gevonden bij e-mailprovider.
thunderbird-edit = Configuratie bewerken
thunderbird-manual = Handmatig configureren
thunderbird-finish = Voltooien
thunderbird-protocol = Protocol
thunderbird-server = Hostnaam
thunderbird-port = Poort
thunderbird-security = Verbindingsbeveiliging
thunderbird-security-SSL = SSL/TLS
thunderbird-security-STARTTLS = STARTTLS
thunderbird-security-plain = Geen
thunderbird-authentication = Authenticatiemethode
thunderbird-password = Normaal wachtwoord
thunderbird-username = Gebruikersnaam

# Thunderbird for Android (strings.xml of feature/account, feature/onboarding, feature/settings)
thunderbird-android-import = Importinstellingen
thunderbird-android-scan = QR-code scannen
thunderbird-android-passwords = Voer de wachtwoorden in
thunderbird-android-add = Voeg nu een e-mailaccount toe
thunderbird-android-next = Volgende
thunderbird-android-trust = Ik vertrouw deze configuratie
thunderbird-android-edit = Configuratie bewerken
thunderbird-android-manual = Handmatig configureren
thunderbird-android-protocol = Protocol
thunderbird-android-server = Server
thunderbird-android-port = Poort
thunderbird-android-security = Beveiliging
thunderbird-android-security-SSL = SSL/TLS
thunderbird-android-security-STARTTLS = StartTLS
thunderbird-android-security-plain = Geen
thunderbird-android-authentication = Authenticatie
thunderbird-android-password = Normaal wachtwoord
thunderbird-android-username = Gebruikersnaam

# iOS 18 and later
iphone-settings = Instellingen
iphone-downloaded = Profiel gedownload
iphone-install = Installeer
iphone-stolen = Bescherming voor gestolen apparaat
iphone-mail = Mail
iphone-add = Voeg account toe
iphone-other = Andere
iphone-smtp = SMTP
iphone-server = Hostnaam
iphone-security = Gebruik SSL
iphone-username = Gebruikersnaam

# macOS 15; -privacy and -profiles are of macOS 13 and 14
mac-settings = Systeeminstellingen
mac-general = Algemeen
mac-management = Apparaatbeheer
mac-privacy = Privacy en beveiliging
mac-profiles = Profielen
mac-install = Installeer
mac-mail = Mail
mac-other = Ander mailaccount
mac-continue = Ga door
mac-sign-in = Log in
mac-port = Poort
mac-username = Gebruikersnaam

# Outlook. The first words are of the two windows of classic Outlook, those after -provider of the app for phones.
outlook-file = Bestand
outlook-advanced = Geavanceerde opties
outlook-server = Server
outlook-port = Poort
outlook-security-SSL = SSL/TLS
outlook-security-STARTTLS = STARTTLS
outlook-username = Gebruikersnaam

# Gmail for Android
gmail-settings = Instellingen
gmail-add = Account toevoegen
gmail-require = Aanmelding vereisen
gmail-server = Server
gmail-outgoing-server = SMTP-server
gmail-port = Poort
gmail-security = Beveiligingstype
gmail-security-SSL = SSL/TLS
gmail-security-STARTTLS = STARTTLS
gmail-username = Gebruikersnaam

# FairEmail (strings.xml)
fairemail-quick = Snel instellen
fairemail-wizard = Wizard
fairemail-other = Andere provider
fairemail-check = Controleer
fairemail-manual = Handmatig instellen en account opties
fairemail-accounts = Accounts
fairemail-identities = Identiteiten
fairemail-server = Hostnaam
fairemail-port = Poortnummer
fairemail-security = Versleuteling
fairemail-security-SSL = SSL/TLS
fairemail-security-STARTTLS = STARTTLS
fairemail-security-plain = Geen (onveilig)
fairemail-username = Gebruikersnaam

# Evolution 3.46 (evolution.mo)
evolution-file = Bestand
evolution-new = Nieuw
evolution-account = E-mailaccount
evolution-identity = Identiteit
evolution-lookup = Mailserver-details opzoeken op basis van het ingevoerde e-mailadres
evolution-skip = Opzoeken overslaan
evolution-receiving = E-mail ontvangen
evolution-sending = E-mail versturen
evolution-type = Servertype
evolution-requires = Server eist aanmeldingscontrole
evolution-server = Server
evolution-port = Poort
evolution-security = Versleutelingsmethode
evolution-security-SSL = TLS op een toegewijde poort
evolution-security-STARTTLS = STARTTLS na maken van verbinding
evolution-security-plain = Geen versleuteling
evolution-username = Gebruikersnaam

# KMail (accountwizard.po)
kmail-assistant = Assistent voor accounts
kmail-next = Volgende
kmail-manual = Handmatige configuratie
kmail-create = Account aanmaken
kmail-server = Inkomende server
kmail-outgoing-server = Uitgaande server
kmail-port = Poort
kmail-security = Beveiliging
kmail-security-SSL = SSL/TLS (aanbevolen)
kmail-security-STARTTLS = STARTTLS
kmail-authentication = Authenticatiemethode
kmail-password = Leesbare tekst
kmail-username = Gebruikersnaam
