# The settings in words, and the texts of profiles for iPhones and Macs.

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
settings-your-username = de naam die u van uw provider kreeg
settings-password = Wachtwoord
settings-your-password = dat van uw mailbox
settings-on-apple = Open op een iPhone, iPad of Mac:
settings-on-android = Scan met Thunderbird op Android (“Instellingen importeren”):
settings-webmail = In de browser: { $url }
settings-enable = Sta hier eerst mailprogramma’s toe: { $url }

profile-title = E-mail: { $account }
profile-description = Stelt uw e-mail bij { $provider } in op dit apparaat. Bij het installeren wordt om uw wachtwoord gevraagd.
