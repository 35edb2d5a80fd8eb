# The words of mail programs, exactly as they are on the screen, but without a colon at the end. docs/labels.md says where they come from.
# A word without a source in a language is not in the file of the language: people then see the English word, marked as English.

# Thunderbird 153 (accountHub.ftl, appmenu.ftl)
thunderbird-add = Konto hinzufügen
thunderbird-email = E-Mail
thunderbird-continue = Weiter
thunderbird-found = Einstellungen wurden beim E-Mail-Anbieter gefunden.
thunderbird-edit = Konfiguration bearbeiten
thunderbird-manual = Manuell einrichten
thunderbird-finish = Abschließen
thunderbird-protocol = Protokoll
thunderbird-server = Serveradresse
thunderbird-port = Port
thunderbird-security = Verbindungssicherheit
thunderbird-security-SSL = SSL/TLS
thunderbird-security-STARTTLS = STARTTLS
thunderbird-security-plain = Keine
thunderbird-authentication = Authentifizierungsmethode
thunderbird-password = Passwort, normal
thunderbird-username = Benutzername

# Thunderbird for Android (strings.xml of feature/account, feature/onboarding, feature/settings)
thunderbird-android-import = Einstellungen importieren
thunderbird-android-scan = QR-Code scannen
thunderbird-android-passwords = Bitte gib die Passwörter ein
thunderbird-android-add = Jetzt ein E-Mail-Konto hinzufügen
thunderbird-android-next = Weiter
thunderbird-android-trust = Ich vertraue dieser Konfiguration
thunderbird-android-edit = Konfiguration bearbeiten
thunderbird-android-manual = Manuell konfigurieren
thunderbird-android-protocol = Protokoll
thunderbird-android-server = Server
thunderbird-android-port = Port
thunderbird-android-security = Sicherheit
thunderbird-android-security-SSL = SSL/TLS
thunderbird-android-security-STARTTLS = StartTLS
thunderbird-android-security-plain = Keine
thunderbird-android-authentication = Authentifizierung
thunderbird-android-password = Normales Passwort
thunderbird-android-username = Benutzername

# iOS 18 and later
iphone-settings = Einstellungen
iphone-downloaded = Profil geladen
iphone-install = Installieren
iphone-stolen = Schutz für gestohlene Geräte
iphone-mail = Mail
iphone-add = Account hinzufügen
iphone-other = Andere
iphone-add-mail = Mail-Account hinzufügen
iphone-next = Weiter
iphone-smtp = SMTP
iphone-server = Hostname
iphone-security = SSL verwenden
iphone-username = Benutzername

# macOS 15; -privacy and -profiles are of macOS 13 and 14
mac-settings = Systemeinstellungen
mac-general = Allgemein
mac-management = Geräteverwaltung
mac-privacy = Datenschutz & Sicherheit
mac-profiles = Profile
mac-install = Installieren
mac-mail = Mail
mac-add = Account hinzufügen
mac-other = Anderer Mail-Account
mac-continue = Fortfahren
mac-sign-in = Anmelden
mac-mail-settings = Einstellungen
mac-accounts = Accounts
mac-server-settings = Servereinstellungen
mac-automatic = Verbindungseinstellungen automatisch verwalten
mac-port = Port
mac-security = TLS/SSL verwenden
mac-username = Benutzername

# Outlook. The first words are of the two windows of classic Outlook, those after -provider of the app for phones.
outlook-file = Datei
outlook-add = Konto hinzufügen
outlook-advanced = Erweiterte Optionen
outlook-manual = Ich möchte mein Konto manuell einrichten
outlook-connect = Verbinden
outlook-panel-manual = Manuelle Konfiguration oder zusätzliche Servertypen
outlook-panel-type = POP oder IMAP
outlook-more = Weitere Einstellungen
outlook-provider = Kontoanbieter wechseln
outlook-advanced-settings = Erweiterte Einstellungen
outlook-server = Server
outlook-port = Port
outlook-security = Verschlüsselungsmethode
outlook-security-SSL = SSL/TLS
outlook-security-STARTTLS = STARTTLS
outlook-username = Benutzername

# Gmail for Android
gmail-settings = Einstellungen
gmail-add = Konto hinzufügen
gmail-other = Andere
gmail-manual = Manuell einrichten
gmail-require = Anmeldung erforderlich
gmail-server = Server
gmail-outgoing-server = SMTP-Server
gmail-port = Port
gmail-security = Sicherheitstyp
gmail-security-SSL = SSL/TLS
gmail-security-STARTTLS = STARTTLS
gmail-security-plain = Keine
gmail-username = Nutzername

# FairEmail (strings.xml)
fairemail-quick = Schnelleinrichtung
fairemail-wizard = Assistent
fairemail-other = Anderer Anbieter
fairemail-check = Prüfen
fairemail-manual = Manuelle Einrichtung und Kontooptionen
fairemail-accounts = Konten
fairemail-identities = Identitäten
fairemail-server = Hostname
fairemail-port = Portnummer
fairemail-security = Verschlüsselung
fairemail-security-SSL = SSL/TLS
fairemail-security-STARTTLS = STARTTLS
fairemail-security-plain = Keine (unsicher)
fairemail-username = Benutzername

# Evolution 3.46 (evolution.mo)
evolution-file = Datei
evolution-new = Neu
evolution-account = E-Mail-Konto
evolution-identity = Identität
evolution-lookup = Eigenschaften des E-Mail-Servers anhand der eingegebenen E-Mail-Adresse abrufen
evolution-skip = Nachschlagen überspringen
evolution-receiving = Abrufen von E-Mails
evolution-sending = Verschicken von E-Mails
evolution-type = Server-Art
evolution-requires = Server erfordert Legitimation
evolution-server = Server
evolution-port = Port
evolution-security = Verschlüsselungsmethode
evolution-security-SSL = TLS auf einem dedizierten Port
evolution-security-STARTTLS = STARTTLS nach Verbinden
evolution-security-plain = Keine Verschlüsselung
evolution-username = Benutzername

# KMail (accountwizard.po)
kmail-assistant = Postfach-Assistent
kmail-next = Weiter
kmail-manual = Manuelle Einrichtung
kmail-create = Zugang erstellen
kmail-server = Eingangsserver
kmail-outgoing-server = Ausgangsserver
kmail-port = Port
kmail-security = Sicherheit
kmail-security-SSL = SSL/TLS (empfohlen)
kmail-security-STARTTLS = STARTTLS
kmail-authentication = Anmeldeverfahren
kmail-password = Klartext
kmail-username = Benutzername
