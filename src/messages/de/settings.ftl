# The settings in words, the answers to personal links that do not work, and the texts of profiles for iPhones and Macs.
#
# One term for one thing, and quotes: as in page.ftl.

settings-title = E-Mail bei { $provider }: { $account }
settings-incoming = Posteingang
settings-outgoing = Postausgang
settings-server = Server
settings-port = Port
settings-encryption = Verschlüsselung
settings-encryption-SSL = SSL/TLS
settings-encryption-STARTTLS = STARTTLS
settings-encryption-plain = keine
settings-username = Benutzername
settings-your-username = die Benutzerkennung von Ihrem Anbieter
settings-password = Passwort
settings-your-password = das Passwort Ihres Postfachs
settings-on-apple = Öffnen Sie auf einem iPhone, iPad oder Mac diese Adresse:
settings-on-android = Wählen Sie in Thunderbird auf Android „Einstellungen importieren“, und scannen Sie den QR-Code unter dieser Adresse:
settings-webmail = Im Browser: { $url }
settings-enable = Erlauben Sie zuerst hier E-Mail-Programme: { $url }

# Answers to a personal link that is opened by a program. A browser gets the page.
link-invalid = Dieser Link ist abgelaufen oder unvollständig. Kopieren Sie den ganzen Link bis zum letzten Zeichen aus der Nachricht, die Sie bekommen haben. Wenn er auch dann nicht funktioniert, bitten Sie Ihren E-Mail-Anbieter um einen neuen.
link-unknown-domain = Für die Domain dieses Links gibt es im Moment keine E-Mail-Einstellungen. Versuchen Sie es in einer Stunde noch einmal. Wenn sich nichts geändert hat, bitten Sie Ihren E-Mail-Anbieter um einen neuen Link.
link-not-available = Diese Datei gibt es für Ihr Postfach nicht. Öffnen Sie Ihren persönlichen Link ohne Dateinamen am Ende: Er zeigt die Einstellungen, die Sie in Ihr E-Mail-Programm eingeben können.

# The text of the link to the page for people.
page-link = E-Mail einrichten

profile-title = E-Mail: { $account }
profile-description = Richtet Ihre E-Mail bei { $provider } auf diesem Gerät ein. Bei der Installation werden Sie nach Ihrem Passwort gefragt.
profile-help = Hilfe: { $url }
