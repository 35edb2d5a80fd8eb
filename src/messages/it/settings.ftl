# The settings in words, and the texts of profiles for iPhones and Macs.

settings-title = Posta di { $provider }: { $account }
settings-incoming = Posta in arrivo
settings-outgoing = Posta in uscita
settings-server = Server
settings-port = Porta
settings-encryption = Cifratura
settings-encryption-SSL = SSL/TLS
settings-encryption-STARTTLS = STARTTLS
settings-encryption-plain = nessuna
settings-username = Nome utente
settings-your-username = quello ricevuto dal provider
settings-password = Password
settings-your-password = quella della casella
settings-on-apple = Su un iPhone, un iPad o un Mac, apra lì:
settings-on-android = Con Thunderbird su Android, scansioni («Importa impostazioni»):
settings-webmail = Nel browser: { $url }
settings-enable = Prima, autorizzi qui i programmi di posta: { $url }

profile-title = Posta: { $account }
profile-description = Configura la Sua posta di { $provider } su questo dispositivo. La password verrà chiesta durante l’installazione.
