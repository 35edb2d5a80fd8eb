# The settings in words, and the texts of profiles for iPhones and Macs.

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
settings-your-username = der Name, den Sie von Ihrem Anbieter haben
settings-password = Passwort
settings-your-password = das Ihres Postfachs
settings-on-apple = Auf einem iPhone, iPad oder Mac öffnen Sie dort:
settings-on-android = Mit Thunderbird auf Android scannen Sie („Einstellungen importieren“):
settings-webmail = Im Browser: { $url }
settings-enable = Erlauben Sie zuerst hier Mailprogramme: { $url }

profile-title = E-Mail: { $account }
profile-description = Richtet Ihre E-Mail bei { $provider } auf diesem Gerät ein. Nach Ihrem Passwort werden Sie bei der Installation gefragt.
