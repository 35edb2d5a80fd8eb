# The settings in words, the answers to personal links that do not work, and the texts of profiles for iPhones and Macs.
#
# One term for one thing: nome utente, nome account, password, casella, programma di posta, provider.
# Quotes are « », without spaces.

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
settings-your-username = il nome account ricevuto dal provider
settings-password = Password
settings-your-password = quella della casella
settings-on-apple = Su un iPhone, iPad o Mac, apra questo indirizzo:
settings-on-android = In Thunderbird su Android, scelga «Importa impostazioni» e scansioni il codice QR che si trova a questo indirizzo:
settings-webmail = Nel browser: { $url }
settings-enable = Prima, autorizzi qui i programmi di posta: { $url }

# Answers to a personal link that is opened by a program. A browser gets the page.
link-invalid = Questo link è scaduto o incompleto. Copi l’intero link, fino all’ultimo carattere, dal messaggio che ha ricevuto. Se continua a non funzionare, ne chieda uno nuovo al Suo provider di posta.
link-unknown-domain = Al momento non ci sono impostazioni di posta per il dominio di questo link. Riprovi tra un’ora. Se non è cambiato nulla, chieda un nuovo link al Suo provider di posta.
link-not-available = Questo file non è disponibile per la Sua casella. Apra il Suo link personale senza nome di file alla fine: mostra le impostazioni da inserire nel programma di posta.

# The text of the link to the page for people.
page-link = Configurare la posta

profile-title = Posta: { $account }
profile-description = Configura la Sua posta di { $provider } su questo dispositivo. La password verrà chiesta durante l’installazione.
profile-help = Aiuto: { $url }
