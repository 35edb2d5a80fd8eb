# The page for people.
#
# Values in braces with a dollar sign, such as { $username }, are filled in: keep their names. { $provider } is the name of the
# provider, { $domain } a domain such as example.org. docs/translating.md says how to edit this file and how to see the result.
#
# One term for one thing (the page says ‘u’; quotes are ‘ ’):
#   username               gebruikersnaam
#   account name           accountnaam
#   login details          inloggegevens
#   administrator          beheerder
#   provider               provider
#   Internet provider      internetprovider
#   mailbox                mailbox
#   e-mail address         e-mailadres
#   e-mail, mail           e-mail (the service and what is sent), bericht (one of them)
#   mail program           mailprogramma, programma
#   webmail                webmail
#   incoming, outgoing     inkomend, uitgaand
#   trash                  prullenbak
#   out-of-office reply    afwezigheidsbericht
#   settings               instellingen
#   type                   typen, invullen (a field)

page-title = E-mailinstellingen voor { $domain }
page-skip = Naar de instellingen
page-languages = Taal
page-copy = Kopiëren
page-copied = Gekopieerd
page-print = Afdrukken
page-heading = Uw e-mail instellen
page-intro = Dit zijn de instellingen voor { $domain }. De meeste mailprogramma’s vinden ze zelf: vul uw e-mailadres en uw wachtwoord in, en klaar. Vraagt een programma meer, kopieer dan de waarden van deze pagina.
page-personal = Deze pagina is voor { $address }. Geef de link niet door: de pagina toont uw gebruikersnaam.

form-label = Uw e-mailadres
form-hint = De pagina toont dan uw eigen instellingen. Uw adres wordt niet opgeslagen.
form-submit = Mijn instellingen tonen

# Pages without settings.
start-heading = Uw e-mail instellen
start-text = Vul uw e-mailadres in om de instellingen voor uw mailprogramma of telefoon te zien.
unknown-heading = Geen instellingen voor dit adres
unknown-text = Wij kennen dit domein niet. Kijk of er een typefout staat in het deel na de @. Klopt het, vraag het dan aan degene die u het adres heeft gegeven: misschien staat uw mailbox bij een andere provider.
invalidLink-heading = Deze link werkt niet
invalidLink-text = De link is verlopen of onvolledig. Kopieer de hele link, tot en met het laatste teken, uit het bericht dat u hebt gekregen. Werkt het dan nog niet, vraag uw provider dan om een nieuwe link.
invalidLink-settings = Zonder link kunt u de instellingen van uw domein zien: vul uw e-mailadres in.

# The username. It comes first, because most problems come from it.
username-heading = Gebruikersnaam
username-address = Uw gebruikersnaam is uw volledige e-mailadres, met de @ en alles wat erna komt.
username-localPart = Uw gebruikersnaam is niet uw volledige e-mailadres, maar alleen het deel vóór de @.
username-derived = Uw gebruikersnaam wordt uit uw e-mailadres gevormd. Vul hierboven uw adres in om hem te zien.
username-own = Uw gebruikersnaam is niet uw e-mailadres. Typ hem precies zoals hij hier staat.
username-hidden = Uw gebruikersnaam is niet uw e-mailadres. Het is de accountnaam in de brief of het bericht met uw inloggegevens.
username-hidden-ask = Kunt u hem niet vinden, vraag hem dan aan { $provider }.
# In place of { $username }, { $outgoing-username } and { $address }, if they are not known. Write the sentences of the guides so
# that these words fit into them.
username-in-words-address = uw volledige e-mailadres
username-in-words-localPart = het deel van uw e-mailadres vóór de @
username-in-words-derived = de gebruikersnaam die bij uw adres hoort
username-in-words-hidden = de accountnaam van uw provider
your-address = uw e-mailadres

settings-heading = Instellingen
incoming-heading = Inkomende e-mail ({ $protocol })
outgoing-heading = Uitgaande e-mail ({ $protocol })
field-server = Server
field-port = Poort
field-security = Versleuteling
field-username = Gebruikersnaam
field-password = Wachtwoord
field-authentication = Authenticatie
security-SSL = SSL/TLS
security-STARTTLS = STARTTLS
security-plain = geen
password-yours = het wachtwoord van uw mailbox
outgoing-login = Ook de uitgaande server vraagt om uw gebruikersnaam en wachtwoord.
authentication-password-cleartext = normaal wachtwoord
authentication-password-encrypted = versleuteld wachtwoord
authentication-OAuth2 = inloggen met uw browser (OAuth2)
authentication-GSSAPI = Kerberos (GSSAPI)
authentication-NTLM = NTLM
authentication-TLS-client-cert = clientcertificaat
authentication-client-IP-address = geen: de server kent uw netwerk
authentication-none = geen
alternative-heading = POP3 in plaats van IMAP
alternative-text = Alleen als u uw e-mail op één computer leest en daar wilt bewaren:
enable-heading = Sta eerst mailprogramma’s toe
enable-link = Mailprogramma’s toestaan
profile-picture = QR-code van het profiel voor iPhone en iPad

clients-heading = Kies uw programma of telefoon
clients-intro = Programma’s hebben verschillende woorden voor hetzelfde; elke handleiding gebruikt de woorden van dat programma. Hebt u nog geen mailprogramma? Thunderbird is gratis en vindt deze instellingen zelf.

# When it does not work, by symptom.
trouble-heading = Als het niet werkt
trouble-intro = De meeste problemen zijn typefouten. Vergelijk elke waarde met deze pagina, letter voor letter.
trouble-password-heading = Het wachtwoord wordt geweigerd
trouble-password-address = Controleer eerst de gebruikersnaam: dat is uw volledige e-mailadres.
trouble-password-localPart = Controleer eerst de gebruikersnaam: veel programma’s vullen het volledige adres in, maar het moet alleen het deel vóór de @ zijn.
trouble-password-derived = Controleer eerst de gebruikersnaam: het is de naam die deze pagina toont als u hierboven uw adres invult.
trouble-password-own = Controleer eerst de gebruikersnaam: veel programma’s vullen het adres in, maar het moet { $username } zijn.
trouble-password-hidden = Controleer eerst de gebruikersnaam: veel programma’s vullen het adres in, maar het moet de accountnaam zijn uit de brief of het bericht met uw inloggegevens.
trouble-password-again = Typ daarna het wachtwoord opnieuw en let op hoofdletters en kleine letters. Wordt het nog steeds geweigerd, vraag uw beheerder dan om een nieuw wachtwoord.
trouble-sending-heading = U ontvangt e-mail, maar kunt niets versturen
trouble-sending = Open in uw programma de instellingen van de uitgaande server: ook daar zijn een gebruikersnaam en een wachtwoord nodig. De gebruikersnaam is { $outgoing-username }, het wachtwoord dat van uw mailbox. Controleer ook de server { $outgoing-hostname } en de poort { $outgoing-port }.
trouble-sending-network = Open in uw programma de instellingen van de uitgaande server. De server is { $outgoing-hostname }, de poort { $outgoing-port }. Een wachtwoord is niet nodig, maar de server werkt alleen in bepaalde netwerken.
trouble-certificate-heading = Het programma waarschuwt voor een certificaat
trouble-certificate = Stop: accepteer het certificaat niet en typ uw wachtwoord niet.
trouble-certificate-server = De server moet precies { $incoming-hostname } zijn.
trouble-certificate-servers = De server moet precies { $incoming-hostname } zijn voor inkomende e-mail en { $outgoing-hostname } voor uitgaande e-mail.
trouble-certificate-ask = Is dat zo, neem dan contact op met { $provider }: misschien probeert iemand uw e-mail te lezen.
trouble-not-found-heading = Het programma vindt geen instellingen
trouble-not-found = Kies in uw programma voor handmatig instellen en vul de instellingen in. Kopieer elke waarde van deze pagina om typefouten te vermijden:

help-heading = Goed om te weten
help-access-heading = Hoe kom ik aan mijn inloggegevens?
help-access = Uw beheerder heeft u bij het openen van uw mailbox uw gebruikersnaam, uw wachtwoord en de naam van de server gegeven. Hebt u ze niet meer, vraag er de beheerder dan opnieuw om.
# Follows texts that name the administrator, if the provider can be reached.
help-contact = Weet u niet wie dat is, vraag het dan aan ons.
help-protocol-heading = IMAP of POP3?
help-protocol = Met IMAP blijft uw e-mail op de server: u ziet dezelfde berichten op elke computer, telefoon en tablet, en bij een trage verbinding kan een programma alleen de berichten laden die u opent. POP3 haalt uw berichten naar één computer, die ze bewaart, en wist ze meestal van de server. Wij raden IMAP aan.
help-protocol-imap-only = Uw e-mail blijft op de server (IMAP): u ziet dezelfde berichten op elke computer, telefoon en tablet.
help-protocol-pop3-only = Uw berichten worden naar uw computer gehaald (POP3), die ze bewaart. In uw programma kunt u kiezen hoelang er een kopie op de server blijft.
help-quota-heading = Hoeveel ruimte heb ik?
help-quota = In uw mailbox past { $quota }.
help-quota-trash = Met IMAP tellen verwijderde berichten mee tot u de prullenbak leegt. Leeg hem regelmatig.
help-size-heading = Hoe groot mag een bericht zijn?
help-size = Een bericht mag met bijlagen hoogstens { $messageSize } groot zijn, in elk programma.
help-size-attachments = Bijlagen worden bij het versturen ongeveer een derde groter. Stuur bij grote bestanden liever een link.
help-sending-heading = Overal versturen
help-sending = Verstuur via { $outgoing-hostname } met uw gebruikersnaam en wachtwoord: dan kunt u thuis, op het werk en onderweg versturen. De server van uw internetprovider werkt meestal alleen thuis, en andere providers kunnen berichten daarvandaan als spam behandelen.
help-sending-network = { $outgoing-hostname } neemt alleen berichten uit bepaalde netwerken aan. Gebruik elders de uitgaande server van uw internetprovider.
help-webmail-heading = E-mail in de browser
help-webmail = U kunt op elke computer e-mail lezen en versturen, zonder mailprogramma. Log in met dezelfde gebruikersnaam en hetzelfde wachtwoord:
help-webmail-sender = Open de eerste keer de voorkeuren van de webmail. Vul uw adres precies zo in als uw beheerder het u heeft gegeven, want anderen zien het als afzender, en kies uw taal.
help-webmail-pop3 = Gebruik de webmail niet samen met een programma dat e-mail met POP3 ophaalt: het haalt de berichten weg, en ze lijken dan verdwenen.
help-absence-heading = Afwezigheidsberichten en doorsturen
help-absence = Uw beheerder stelt dit op de server in. Vraag het aan degene die u uw inloggegevens heeft gegeven.
help-password-heading = Een goed wachtwoord
help-password = Minstens 12 tekens: letters, cijfers en symbolen, of een paar willekeurige woorden. Gebruik het nergens anders. Is uw wachtwoord een woord uit het woordenboek of hetzelfde als uw gebruikersnaam, dan is het gemakkelijk te raden: vraag uw beheerder om een nieuw wachtwoord. Wij vragen nooit per e-mail om uw wachtwoord.

contact-heading = Hulp
contact-intro = Neem contact op met { $provider }:
contact-none = Vraag het aan degene die u uw e-mailadres heeft gegeven.
contact-email = E-mail
contact-phone = Telefoon
contact-url = Website
contact-hours = Bereikbaar
