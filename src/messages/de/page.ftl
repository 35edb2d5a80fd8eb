# The page for people.
#
# Values in braces with a dollar sign, such as { $username }, are filled in: keep their names. { $provider } is the name of the
# provider, { $domain } a domain such as example.org. docs/translating.md says how to edit this file and how to see the result.
#
# One term for one thing (the page says „Sie“):
#   username               Benutzername
#   account name           Benutzerkennung
#   login details          Zugangsdaten
#   administrator          Administrator
#   provider               Anbieter
#   Internet provider      Internetanbieter
#   mailbox                Postfach
#   e-mail address         E-Mail-Adresse
#   e-mail, mail           E-Mail (the service), Post is not used; Nachricht (one of them)
#   mail program           E-Mail-Programm, Programm
#   webmail                Webmail
#   incoming, outgoing     Posteingang, Postausgang (mail), Posteingangsserver, Postausgangsserver
#   trash                  Papierkorb
#   out-of-office reply    Abwesenheitsnotiz
#   settings               Einstellungen
#   type                   eingeben

page-title = E-Mail-Einstellungen für { $domain }
page-skip = Zu den Einstellungen
page-languages = Sprache
page-copy = Kopieren
page-copied = Kopiert
page-print = Drucken
page-heading = E-Mail einrichten
page-intro = Das sind die Einstellungen für { $domain }. Die meisten E-Mail-Programme finden sie selbst: Geben Sie Ihre E-Mail-Adresse und Ihr Passwort ein, fertig. Will ein Programm mehr wissen, kopieren Sie die Werte von dieser Seite.
page-personal = Diese Seite ist für { $address }. Geben Sie den Link nicht weiter: Die Seite zeigt Ihren Benutzernamen.

form-label = Ihre E-Mail-Adresse
form-hint = Die Seite zeigt dann Ihre eigenen Einstellungen. Ihre Adresse wird nicht gespeichert.
form-submit = Meine Einstellungen zeigen

# Pages without settings.
start-heading = E-Mail einrichten
start-text = Geben Sie Ihre E-Mail-Adresse ein, um die Einstellungen für Ihr E-Mail-Programm oder Telefon zu sehen.
unknown-heading = Keine Einstellungen für diese Adresse
unknown-text = Wir kennen diese Domain nicht. Prüfen Sie den Teil nach dem @ auf Tippfehler. Stimmt er, fragen Sie die Person, von der Sie die Adresse haben: Vielleicht liegt Ihr Postfach bei einem anderen Anbieter.
invalidLink-heading = Dieser Link funktioniert nicht
invalidLink-text = Der Link ist abgelaufen oder unvollständig. Kopieren Sie den ganzen Link bis zum letzten Zeichen aus der Nachricht, die Sie bekommen haben. Wenn er auch dann nicht funktioniert, bitten Sie Ihren Anbieter um einen neuen.
invalidLink-settings = Ohne Link können Sie die Einstellungen Ihrer Domain sehen: Geben Sie Ihre E-Mail-Adresse ein.

# The username. It comes first, because most problems come from it.
username-heading = Benutzername
username-address = Ihr Benutzername ist Ihre vollständige E-Mail-Adresse, mit dem @ und allem, was danach kommt.
username-localPart = Ihr Benutzername ist nicht Ihre vollständige E-Mail-Adresse, sondern nur der Teil vor dem @.
username-derived = Ihr Benutzername wird aus Ihrer E-Mail-Adresse gebildet. Geben Sie oben Ihre Adresse ein, um ihn zu sehen.
username-own = Ihr Benutzername ist nicht Ihre E-Mail-Adresse. Geben Sie ihn genau so ein, wie er hier steht.
username-hidden = Ihr Benutzername ist nicht Ihre E-Mail-Adresse. Es ist die Benutzerkennung im Brief oder in der Nachricht mit Ihren Zugangsdaten.
username-hidden-ask = Wenn Sie sie nicht finden, fragen Sie { $provider }.
# In place of { $username }, { $outgoing-username } and { $address }, if they are not known. They are the same in the nominative and the
# accusative, so that they fit into every sentence of the guides.
username-in-words-address = Ihre vollständige E-Mail-Adresse
username-in-words-localPart = alles vor dem @ in Ihrer E-Mail-Adresse
username-in-words-derived = die Benutzerkennung zu Ihrer Adresse
username-in-words-hidden = die Benutzerkennung von Ihrem Anbieter
your-address = Ihre E-Mail-Adresse

settings-heading = Einstellungen
incoming-heading = Posteingang ({ $protocol })
outgoing-heading = Postausgang ({ $protocol })
field-server = Server
field-port = Port
field-security = Verschlüsselung
field-username = Benutzername
field-password = Passwort
field-authentication = Authentifizierung
security-SSL = SSL/TLS
security-STARTTLS = STARTTLS
security-plain = keine
password-yours = das Passwort Ihres Postfachs
outgoing-login = Auch der Postausgangsserver verlangt Ihren Benutzernamen und Ihr Passwort.
authentication-password-cleartext = normales Passwort
authentication-password-encrypted = verschlüsseltes Passwort
authentication-OAuth2 = Anmeldung im Browser (OAuth2)
authentication-GSSAPI = Kerberos (GSSAPI)
authentication-NTLM = NTLM
authentication-TLS-client-cert = Client-Zertifikat
authentication-client-IP-address = keine: Der Server kennt Ihr Netz
authentication-none = keine
alternative-heading = POP3 statt IMAP
alternative-text = Nur wenn Sie Ihre E-Mails auf einem einzigen Computer lesen und dort behalten wollen:
enable-heading = Erlauben Sie zuerst E-Mail-Programme
enable-link = E-Mail-Programme erlauben
profile-picture = QR-Code des Profils für iPhone und iPad

clients-heading = Wählen Sie Ihr Programm oder Telefon
clients-intro = Programme haben verschiedene Wörter für dieselbe Sache; jede Anleitung verwendet die Wörter ihres Programms. Sie haben noch kein E-Mail-Programm? Thunderbird ist kostenlos und findet diese Einstellungen selbst.

# When it does not work, by symptom.
trouble-heading = Wenn es nicht funktioniert
trouble-intro = Die meisten Probleme sind Tippfehler. Vergleichen Sie jeden Wert mit dieser Seite, Buchstabe für Buchstabe.
trouble-password-heading = Das Passwort wird abgelehnt
trouble-password-address = Prüfen Sie zuerst den Benutzernamen: Es muss Ihre vollständige E-Mail-Adresse sein.
trouble-password-localPart = Prüfen Sie zuerst den Benutzernamen: Viele Programme tragen die ganze Adresse ein, richtig ist aber nur der Teil vor dem @.
trouble-password-derived = Prüfen Sie zuerst den Benutzernamen: Es muss der sein, den diese Seite zeigt, wenn Sie oben Ihre Adresse eingeben.
trouble-password-own = Prüfen Sie zuerst den Benutzernamen: Viele Programme tragen die Adresse ein, richtig ist aber { $username }.
trouble-password-hidden = Prüfen Sie zuerst den Benutzernamen: Viele Programme tragen die Adresse ein, richtig ist aber die Benutzerkennung aus dem Brief oder der Nachricht mit Ihren Zugangsdaten.
trouble-password-again = Geben Sie dann das Passwort noch einmal ein und achten Sie auf Groß- und Kleinschreibung. Wird es weiter abgelehnt, bitten Sie Ihren Administrator um ein neues.
trouble-sending-heading = Sie empfangen E-Mails, können aber keine senden
trouble-sending = Öffnen Sie in Ihrem Programm die Einstellungen des Postausgangsservers: Auch er verlangt einen Benutzernamen und ein Passwort. Der Benutzername ist { $outgoing-username }, das Passwort das Ihres Postfachs. Prüfen Sie auch den Server { $outgoing-hostname } und den Port { $outgoing-port }.
trouble-sending-network = Öffnen Sie in Ihrem Programm die Einstellungen des Postausgangsservers. Der Server ist { $outgoing-hostname }, der Port { $outgoing-port }. Er verlangt kein Passwort, funktioniert aber nur in bestimmten Netzen.
trouble-certificate-heading = Das Programm warnt vor einem Zertifikat
trouble-certificate = Halt: Akzeptieren Sie das Zertifikat nicht, und geben Sie Ihr Passwort nicht ein.
trouble-certificate-server = Der Server muss genau { $incoming-hostname } sein.
trouble-certificate-servers = Der Server muss genau { $incoming-hostname } für den Posteingang und { $outgoing-hostname } für den Postausgang sein.
trouble-certificate-ask = Stimmt das, fragen Sie { $provider }: Vielleicht versucht jemand, Ihre E-Mails zu lesen.
trouble-not-found-heading = Das Programm findet keine Einstellungen
trouble-not-found = Wählen Sie in Ihrem Programm die manuelle Einrichtung, und geben Sie die Einstellungen ein. Kopieren Sie jeden Wert von dieser Seite, um Tippfehler zu vermeiden:

help-heading = Gut zu wissen
help-access-heading = Woher bekomme ich meine Zugangsdaten?
help-access = Benutzername, Passwort und Server hat Ihnen Ihr Administrator gegeben, als Ihr Postfach eingerichtet wurde. Wenn Sie die Zugangsdaten nicht mehr haben, fragen Sie ihn noch einmal danach.
# Follows texts that name the administrator, if the provider can be reached.
help-contact = Wenn Sie nicht wissen, wer das ist, fragen Sie uns.
help-protocol-heading = IMAP oder POP3?
help-protocol = Mit IMAP bleiben Ihre E-Mails auf dem Server: Sie sehen dieselben Nachrichten auf jedem Computer, Telefon und Tablet, und bei einer langsamen Verbindung kann ein Programm nur die Nachrichten laden, die Sie öffnen. POP3 holt Ihre E-Mails auf einen Computer, der sie dann aufbewahrt, und löscht sie meist vom Server. Wir empfehlen IMAP.
help-protocol-imap-only = Ihre E-Mails bleiben auf dem Server (IMAP): Sie sehen dieselben Nachrichten auf jedem Computer, Telefon und Tablet.
help-protocol-pop3-only = Ihre E-Mails werden auf Ihren Computer geholt (POP3), der sie dann aufbewahrt. In Ihrem Programm können Sie wählen, wie lange Kopien auf dem Server bleiben.
help-quota-heading = Wie viel Platz habe ich?
help-quota = Ihr Postfach fasst { $quota }.
help-quota-trash = Mit IMAP zählen gelöschte Nachrichten mit, bis Sie den Papierkorb leeren. Leeren Sie ihn regelmäßig.
help-size-heading = Wie groß darf eine Nachricht sein?
help-size = Eine Nachricht darf mit Anhängen höchstens { $messageSize } groß sein, in jedem Programm.
help-size-attachments = Anhänge werden beim Senden etwa um ein Drittel größer. Senden Sie statt großer Dateien lieber einen Link.
help-sending-heading = Von überall senden
help-sending = Senden Sie über { $outgoing-hostname } mit Ihrem Benutzernamen und Passwort: Dann können Sie zu Hause, bei der Arbeit und unterwegs senden. Der Server Ihres Internetanbieters funktioniert meist nur zu Hause, und andere Anbieter behandeln Nachrichten von dort vielleicht als Spam.
help-sending-network = { $outgoing-hostname } nimmt Nachrichten nur aus bestimmten Netzen an. Verwenden Sie anderswo den Postausgangsserver Ihres Internetanbieters.
help-webmail-heading = E-Mail im Browser
help-webmail = Sie können an jedem Computer E-Mails lesen und senden, ohne E-Mail-Programm. Melden Sie sich mit demselben Benutzernamen und Passwort an:
help-webmail-sender = Öffnen Sie beim ersten Mal die Einstellungen des Webmails. Tragen Sie Ihre Adresse genau so ein, wie Sie sie von Ihrem Administrator haben, denn andere sehen sie als Absender, und wählen Sie Ihre Sprache.
help-webmail-pop3 = Verwenden Sie das Webmail nicht zusammen mit einem Programm, das E-Mails mit POP3 abholt: Es holt die Nachrichten weg, und sie scheinen verloren.
help-absence-heading = Abwesenheitsnotizen und Weiterleitungen
help-absence = Ihr Administrator richtet sie auf dem Server ein. Fragen Sie die Person, von der Sie Ihre Zugangsdaten haben.
help-password-heading = Ein gutes Passwort
help-password = Mindestens 12 Zeichen: Buchstaben, Ziffern und Sonderzeichen oder mehrere zufällige Wörter. Verwenden Sie es nirgends sonst. Ist Ihr Passwort ein Wort aus dem Wörterbuch oder gleich Ihrem Benutzernamen, lässt es sich leicht erraten: Bitten Sie Ihren Administrator um ein neues. Wir fragen nie per E-Mail nach Ihrem Passwort.

contact-heading = Hilfe
contact-intro = Fragen Sie { $provider }:
contact-none = Fragen Sie die Person, von der Sie Ihre E-Mail-Adresse haben.
contact-email = E-Mail
contact-phone = Telefon
contact-url = Website
contact-hours = Erreichbar
