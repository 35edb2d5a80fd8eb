# The guides for mail programs. Labels such as { $thunderbird-continue } are filled in from labels.ftl, in bold. { $username },
# { $incoming-hostname } and the like are the settings. { $protocol } is IMAP or POP3. { $usernames } is client-usernames-one or
# client-usernames-two, and { $login } is one of client-login-…; write these four so that they fit inside a sentence.

client-other = Een ander programma
client-by-hand = Handmatig
client-incoming = Inkomende e-mail
client-outgoing = Uitgaande e-mail
client-usernames-one = { $username } (voor inkomende en uitgaande e-mail)
client-usernames-two = { $username } voor inkomende e-mail, { $outgoing-username } voor uitgaande e-mail
client-login-password = typ het wachtwoord van uw mailbox
client-login-browser = meld u aan in het browservenster dat opengaat
client-login-other = meld u aan zoals uw provider het heeft uitgelegd
client-check-username = Programma’s vullen uw adres in als gebruikersnaam. Vervang het. De juiste gebruikersnaam: { $usernames }.
client-switch-on = aan
client-switch-off = uit
client-browser = Bij deze provider meldt u zich aan in een browservenster (OAuth2). Een programma dat in plaats daarvan om een wachtwoord vraagt, kunt u niet gebruiken.
client-plain = Een van de servers op deze pagina is niet versleuteld: anderen op hetzelfde netwerk kunnen uw wachtwoord lezen. Programma’s waarschuwen hiervoor en sommige weigeren zo’n server. Vraag uw provider om een versleutelde server.

thunderbird-step-add = Kies in het menu ≡ { $thunderbird-add } en dan { $thunderbird-email }.
thunderbird-step-address = Typ uw naam en { $address }, en klik op { $thunderbird-continue }.
thunderbird-step-found = Thunderbird antwoordt: { $thunderbird-found }
thunderbird-step-username = Klik op { $thunderbird-edit } en controleer { $thunderbird-username }. De juiste: { $usernames }.
thunderbird-step-login = Klik op { $thunderbird-continue }, { $login } en klik tot slot op { $thunderbird-finish }.
thunderbird-by-hand = Vindt Thunderbird niets? Klik dan op { $thunderbird-manual }. Kies { $protocol } bij { $thunderbird-protocol } en typ deze instellingen:

thunderbird-android-step-open = Open eerst de Thunderbird-app op de telefoon. De camera-app kan deze code niet lezen.
thunderbird-android-step-import = Tik in de Thunderbird-app op { $thunderbird-android-import }, dan op { $thunderbird-android-scan }, en scan deze code:
thunderbird-android-step-passwords = Als de app { $thunderbird-android-passwords } laat zien, { $login }: één keer voor inkomende en één keer voor uitgaande e-mail. In de code staat geen wachtwoord.
thunderbird-android-picture = QR-code voor Thunderbird op Android
thunderbird-android-on-phone = Leest u deze pagina op die telefoon? Open de pagina dan op een ander scherm en scan de code daar, of voeg het account zonder code toe:
thunderbird-android-step-add = Open de app, tik op { $thunderbird-android-add } en typ { $address }.
thunderbird-android-step-next = Tik op { $thunderbird-android-next }. De app zoekt de instellingen. Vraagt de app om { $thunderbird-android-trust } aan te vinken? Vergelijk de servers dan eerst met deze pagina.
thunderbird-android-step-username = Tik op { $thunderbird-android-edit } en controleer { $thunderbird-android-username }. De juiste: { $usernames }.
thunderbird-android-step-login = Daarna: { $login }, en tik op { $thunderbird-android-next }.
thunderbird-android-by-hand = Vindt de app niets? Tik dan op { $thunderbird-android-manual }. Kies { $protocol } bij { $thunderbird-android-protocol } en typ deze instellingen:

iphone-profile = Profiel downloaden
iphone-scan = Of scan deze code met de camera van de iPhone of iPad:
iphone-step-download = Open deze pagina in Safari op de iPhone of iPad, tik op de knop en sta de download toe.
iphone-step-settings = Er gaat niets vanzelf open. Open { $iphone-settings } binnen 8 minuten en tik bovenaan op { $iphone-downloaded }. Na 8 minuten verwijdert het apparaat het profiel en moet u het opnieuw downloaden. Het bewaart één profiel tegelijk.
iphone-step-install = Tik op { $iphone-install } en typ de toegangscode van het apparaat.
iphone-step-username = Als het apparaat om de gebruikersnaam vraagt, typ dan { $usernames }.
iphone-step-login = Als het apparaat vraagt om u aan te melden: { $login }.
iphone-note-signed = Misschien staat er { $iphone-unsigned } of { $iphone-unverified } bij het profiel. Dat betekent dat Apple niet weet wie het heeft gemaakt, en verder niets. U kunt het installeren als u het van deze pagina hebt gedownload. Het bevat de instellingen die u hier ziet en geen wachtwoord.
iphone-note-stolen = Staat { $iphone-stolen } aan? Dan installeert de iPhone alleen profielen op plaatsen waar u vaak bent, zoals thuis of op het werk. Wacht tot u daar bent, of stel het account handmatig in.
iphone-by-hand = Kies { $iphone-settings } › { $iphone-apps } › { $iphone-mail } › { $iphone-accounts } › { $iphone-add } › { $iphone-other } › { $iphone-add-mail }. Bij iOS 17 en ouder staat { $iphone-mail } direct in { $iphone-settings }. Typ uw naam, { $address } en uw wachtwoord, en tik op { $iphone-next }.
iphone-by-hand-type = Kies { $protocol } en typ deze instellingen:
iphone-by-hand-optional = Vul ook bij uitgaande e-mail de gebruikersnaam en het wachtwoord in, al noemt het apparaat ze optioneel. Anders kunt u niets verzenden.
iphone-by-hand-port = Het apparaat zoekt zelf de poort en de versleuteling uit. Om ze te controleren opent u het account opnieuw onder { $iphone-accounts } en tikt u op { $iphone-advanced }. Voor uitgaande e-mail tikt u op { $iphone-smtp } en op de server. Daar staan { $iphone-security } en { $iphone-port }.

mac-step-download = Klik op de knop. Dubbelklik daarna op het bestand bij uw downloads.
mac-step-settings = Er gaat niets vanzelf open. Open { $mac-settings } binnen 8 minuten en kies { $mac-general } › { $mac-management }. Bij macOS 13 en 14 kiest u { $mac-privacy } › { $mac-profiles }.
mac-step-install = Dubbelklik op het profiel en klik op { $mac-install }.
mac-step-username = Als de Mac om de gebruikersnaam vraagt, typ dan { $usernames }.
mac-step-login = Als de Mac vraagt om u aan te melden: { $login }.
mac-by-hand = Kies in het programma Mail { $mac-mail } › { $mac-add } in de menubalk. Kies { $mac-other } en klik op { $mac-continue }. Typ uw naam, { $address } en uw wachtwoord, en klik op { $mac-sign-in }.
mac-by-hand-type = Mail vraagt dan om meer gegevens. Kies { $protocol } en typ deze instellingen:
mac-by-hand-port = Mail zoekt zelf de poort en de versleuteling uit. Om ze te controleren kiest u { $mac-mail } › { $mac-mail-settings } › { $mac-accounts } › { $mac-server-settings } en vinkt u { $mac-automatic } uit. Ook de gebruikersnaam en het wachtwoord voor uitgaande e-mail staan daar: anders kunt u niets verzenden.

outlook-cloud = Voordat u uw wachtwoord typt: de nieuwe Outlook voor Windows en Outlook op telefoons sturen het naar Microsoft. De servers van Microsoft halen dan uw mail op en bewaren er een kopie van. De klassieke Outlook en andere programma’s, zoals Thunderbird, doen dat niet.
outlook-classic-heading = Klassieke Outlook voor Windows
outlook-classic-step-add = Kies { $outlook-file } › { $outlook-add }. Outlook laat een van deze twee vensters zien:
outlook-classic-simple = Het vraagt alleen om uw adres: typ { $address }, open { $outlook-advanced }, vink { $outlook-manual } aan en klik op { $outlook-connect }. Kies { $protocol }, typ de instellingen hieronder en { $login }.
outlook-classic-simple-username = Het vraagt alleen om uw adres: sluit het, want u kunt er geen gebruikersnaam invullen. Open het Configuratiescherm van Windows, kies { $outlook-panel } en voeg het account daar toe. U krijgt dan het andere venster.
outlook-classic-manual = Het toont { $outlook-panel-manual }: kies dit en dan { $outlook-panel-type }. Typ uw naam en { $address }, kies { $protocol } en typ de servers hieronder. Typ bij { $outlook-username }: { $usernames }. Daarna: { $login }.
outlook-classic-more = Klik in dat venster op { $outlook-more }. Vink { $outlook-outgoing } aan onder { $outlook-outgoing-tab }. De poorten en de versleuteling staan onder { $outlook-advanced-tab }.
outlook-new-heading = Nieuwe Outlook voor Windows
outlook-new-add = Voeg in de instellingen een account toe. Typ { $address }, kies { $protocol } en open de geavanceerde instellingen. Typ de instellingen hieronder voor beide servers. De gebruikersnaam: { $usernames }. Daarna: { $login }.
outlook-phone-heading = Outlook op telefoons
outlook-phone-add = Voeg een account toe, typ { $address } en kies { $protocol }. Vraagt de app er niet om? Tik dan op ‘?’ en { $outlook-provider }. Open { $outlook-advanced-settings } en typ de instellingen hieronder voor beide servers. De gebruikersnaam: { $usernames }. Daarna: { $login }.
outlook-no-change = In de nieuwe Outlook en op telefoons kunt u een server later niet meer wijzigen. Klopt er een niet? Verwijder dan het account en voeg het opnieuw toe.
outlook-mac-heading = Outlook voor Mac
outlook-mac-add = Voeg in de instellingen een account toe. Typ { $address }, kies { $protocol } en typ de instellingen hieronder. De gebruikersnaam: { $usernames }. Daarna: { $login }. Biedt Outlook aan om te synchroniseren met de cloud van Microsoft? Dan gaat uw wachtwoord daar ook heen.
outlook-fields = De instellingen voor elke Outlook. Soms heten de velden anders:

gmail-step-add = Open in de Gmail-app het menu ≡ en kies { $gmail-settings } › { $gmail-add } › { $gmail-other }.
gmail-step-address = Typ { $address } en tik op { $gmail-manual }. Kies de regel met { $protocol }.
gmail-step-login = Daarna: { $login }.
gmail-step-type = Typ deze instellingen. Laat { $gmail-require } bij uitgaande e-mail aan staan.

samsung-step-add = Open in Samsung Email het menu ☰ en kies { $samsung-settings } › { $samsung-add } › { $samsung-other }.
samsung-step-address = Typ { $address }, { $login } en tik op { $samsung-manual }. Kies { $protocol }.
samsung-step-type = Typ deze instellingen:

fairemail-step-wizard = Tik in FairEmail onder { $fairemail-quick } op { $fairemail-wizard } en kies { $fairemail-other }.
fairemail-step-login = Typ uw naam en { $address }, { $login } en tik op { $fairemail-check }. FairEmail vindt de instellingen en laat ze zien. Sla ze op.
fairemail-no-wizard = In de wizard kunt u uw instellingen niet kwijt. Stel het account handmatig in.
fairemail-by-hand = Open { $fairemail-manual }. Voeg onder { $fairemail-accounts } een account voor { $protocol } toe met de instellingen voor inkomende e-mail. Voeg daarna onder { $fairemail-identities } een identiteit toe met die voor uitgaande e-mail.

evolution-step-add = Kies { $evolution-file } › { $evolution-new } › { $evolution-account }.
evolution-step-address = Typ onder { $evolution-identity } uw naam en { $address }. Laat dit aangevinkt: { $evolution-lookup }.
evolution-step-username = Controleer onder { $evolution-receiving } en { $evolution-sending } de { $evolution-username }. De juiste: { $usernames }.
evolution-step-login = Als Evolution vraagt om u aan te melden: { $login }.
evolution-by-hand = Vindt Evolution niets? Klik dan op { $evolution-skip }. Kies { $protocol } bij { $evolution-type } en typ deze instellingen. Vink onder { $evolution-sending } dit aan: { $evolution-requires }.

kmail-step-add = Typ in de { $kmail-assistant } uw naam en { $address }, { $login } en klik op { $kmail-next }.
kmail-step-username = Klik op { $kmail-manual } en controleer { $kmail-username }. De juiste: { $usernames }.
kmail-step-create = Klik op { $kmail-create }.
kmail-by-hand = Vindt KMail niets? Klik dan op { $kmail-manual }, kies { $protocol } en typ deze instellingen:

other-text = Zoek in uw programma naar handmatig instellen, kies { $protocol } en neem de instellingen van deze pagina over. De woorden verschillen:
other-security-SSL = Poort { $ports }: de juiste versleuteling heet SSL/TLS, SSL, TLS of ‘TLS op een aparte poort’.
other-security-STARTTLS = Poort { $ports }: de juiste versleuteling heet STARTTLS of TLS. Ze heet niet SSL.
other-password = De juiste authenticatie heet ‘wachtwoord’, ‘normaal wachtwoord’, ‘plain’ of ‘leesbare tekst’.
other-password-encrypted = Als de verbinding versleuteld is, kan niemand het wachtwoord onderweg lezen.
