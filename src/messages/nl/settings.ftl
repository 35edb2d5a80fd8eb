# The settings in words, the answers to personal links that do not work, and the texts of profiles for iPhones and Macs.
#
# One term for one thing, and quotes: as in page.ftl.

settings-title = E-mail bij { $provider }: { $account }
settings-incoming = Inkomende e-mail
settings-outgoing = Uitgaande e-mail
settings-server = Server
settings-port = Poort
settings-encryption = Versleuteling
settings-encryption-SSL = SSL/TLS
settings-encryption-STARTTLS = STARTTLS
settings-encryption-plain = geen
settings-username = Gebruikersnaam
settings-your-username = de accountnaam van uw provider
settings-password = Wachtwoord
settings-your-password = het wachtwoord van uw mailbox
settings-on-apple = Open op een iPhone, iPad of Mac dit adres:
settings-on-android = Kies in Thunderbird op Android ‘Instellingen importeren’ en scan de QR-code op dit adres:
settings-webmail = In de browser: { $url }
settings-enable = Sta hier eerst mailprogramma’s toe: { $url }

# Answers to a personal link that is opened by a program. A browser gets the page.
link-invalid = Deze link is verlopen of onvolledig. Kopieer de hele link, tot en met het laatste teken, uit het bericht dat u hebt gekregen. Werkt het dan nog niet, vraag uw mailprovider dan om een nieuwe link.
link-unknown-domain = Er zijn op dit moment geen e-mailinstellingen voor het domein van deze link. Probeer het over een uur opnieuw. Is er dan niets veranderd, vraag uw mailprovider dan om een nieuwe link.
link-not-available = Dit bestand is niet beschikbaar voor uw mailbox. Open uw persoonlijke link zonder bestandsnaam aan het eind: die toont de instellingen die u in uw mailprogramma kunt invullen.

# The text of the link to the page for people.
page-link = Uw e-mail instellen

profile-title = E-mail: { $account }
profile-description = Stelt uw e-mail bij { $provider } in op dit apparaat. Bij het installeren wordt om uw wachtwoord gevraagd.
profile-help = Hulp: { $url }
