# The guides for mail programs. Labels such as { $thunderbird-continue } are filled in from labels.ftl, in bold. { $username },
# { $incoming-hostname } and the like are the settings. { $protocol } is IMAP or POP3. { $usernames } is client-usernames-one or
# client-usernames-two, and { $login } is one of client-login-…; write these four so that they fit inside a sentence.

client-other = Ein anderes Programm
client-by-hand = Von Hand
client-incoming = Posteingang
client-outgoing = Postausgang
client-usernames-one = { $username } (für Posteingang und Postausgang)
client-usernames-two = { $username } für den Posteingang, { $outgoing-username } für den Postausgang
client-login-password = geben Sie das Passwort Ihres Postfachs ein
client-login-browser = melden Sie sich in dem Browserfenster an, das sich öffnet
client-login-other = melden Sie sich an, wie es Ihr Anbieter erklärt hat
client-check-username = Programme tragen Ihre Adresse als Benutzernamen ein. Ersetzen Sie sie. Der richtige Benutzername: { $usernames }.
client-switch-on = ein
client-switch-off = aus
client-browser = Bei diesem Anbieter melden Sie sich in einem Browserfenster an (OAuth2). Ein Programm, das stattdessen nach einem Passwort fragt, können Sie nicht verwenden.
client-plain = Einer der Server auf dieser Seite ist nicht verschlüsselt: Andere im selben Netz können Ihr Passwort mitlesen. Programme warnen davor, und manche lehnen einen solchen Server ab. Fragen Sie Ihren Anbieter nach einem verschlüsselten Server.

thunderbird-step-add = Wählen Sie im Menü ≡ { $thunderbird-add } und dann { $thunderbird-email }.
thunderbird-step-address = Geben Sie Ihren Namen und { $address } ein und klicken Sie auf { $thunderbird-continue }.
thunderbird-step-found = Thunderbird antwortet: { $thunderbird-found }
thunderbird-step-username = Klicken Sie auf { $thunderbird-edit } und prüfen Sie { $thunderbird-username }. Der richtige: { $usernames }.
thunderbird-step-login = Klicken Sie auf { $thunderbird-continue }, { $login } und klicken Sie am Ende auf { $thunderbird-finish }.
thunderbird-by-hand = Wenn Thunderbird nichts findet, klicken Sie auf { $thunderbird-manual }. Wählen Sie bei { $thunderbird-protocol } den Eintrag { $protocol } und tragen Sie diese Einstellungen ein:

thunderbird-android-step-open = Öffnen Sie zuerst die Thunderbird-App auf dem Handy. Die Kamera-App kann diesen Code nicht lesen.
thunderbird-android-step-import = Tippen Sie in der Thunderbird-App auf { $thunderbird-android-import }, dann auf { $thunderbird-android-scan }, und scannen Sie diesen Code:
thunderbird-android-step-passwords = Wenn die App { $thunderbird-android-passwords } zeigt, { $login }: einmal für den Posteingang und einmal für den Postausgang. Der Code enthält kein Passwort.
thunderbird-android-picture = QR-Code für Thunderbird auf Android
thunderbird-android-on-phone = Lesen Sie diese Seite auf diesem Handy? Dann öffnen Sie sie auf einem anderen Bildschirm und scannen Sie den Code dort, oder fügen Sie das Konto ohne den Code hinzu:
thunderbird-android-step-add = Öffnen Sie die App, tippen Sie auf { $thunderbird-android-add } und geben Sie { $address } ein.
thunderbird-android-step-next = Tippen Sie auf { $thunderbird-android-next }. Die App sucht die Einstellungen. Wenn Sie { $thunderbird-android-trust } ankreuzen sollen, vergleichen Sie vorher die Server mit dieser Seite.
thunderbird-android-step-username = Tippen Sie auf { $thunderbird-android-edit } und prüfen Sie { $thunderbird-android-username }. Der richtige: { $usernames }.
thunderbird-android-step-login = Dann { $login } und tippen Sie auf { $thunderbird-android-next }.
thunderbird-android-by-hand = Wenn die App nichts findet, tippen Sie auf { $thunderbird-android-manual }. Wählen Sie bei { $thunderbird-android-protocol } den Eintrag { $protocol } und tragen Sie diese Einstellungen ein:

iphone-profile = Profil laden
iphone-scan = Oder scannen Sie diesen Code mit der Kamera des iPhones oder iPads:
iphone-step-download = Öffnen Sie diese Seite auf dem iPhone oder iPad in Safari, tippen Sie auf die Schaltfläche und erlauben Sie das Laden.
iphone-step-settings = Es öffnet sich nichts von selbst. Öffnen Sie innerhalb von 8 Minuten { $iphone-settings } und tippen Sie oben auf { $iphone-downloaded }. Nach 8 Minuten löscht das Gerät das Profil, und Sie müssen es noch einmal laden. Es behält immer nur ein Profil.
iphone-step-install = Tippen Sie auf { $iphone-install } und geben Sie den Code des Geräts ein.
iphone-step-username = Wenn das Gerät nach dem Benutzernamen fragt, geben Sie ein: { $usernames }.
iphone-step-login = Wenn das Gerät nach Ihren Zugangsdaten fragt, { $login }.
iphone-note-signed = Vielleicht steht beim Profil { $iphone-unsigned } oder { $iphone-unverified }. Das bedeutet, dass Apple nicht weiß, wer es erstellt hat, und sonst nichts. Sie können es installieren, wenn Sie es von dieser Seite geladen haben. Es enthält die Einstellungen, die Sie hier sehen, und kein Passwort.
iphone-note-stolen = Wenn { $iphone-stolen } eingeschaltet ist, installiert das iPhone Profile nur an Orten, an denen Sie oft sind, zum Beispiel zu Hause oder bei der Arbeit. Warten Sie, bis Sie dort sind, oder richten Sie das Konto von Hand ein.
iphone-by-hand = Wählen Sie { $iphone-settings } › { $iphone-apps } › { $iphone-mail } › { $iphone-accounts } › { $iphone-add } › { $iphone-other } › { $iphone-add-mail }. Bis iOS 17 steht { $iphone-mail } direkt in { $iphone-settings }. Geben Sie Ihren Namen, { $address } und Ihr Passwort ein und tippen Sie auf { $iphone-next }.
iphone-by-hand-type = Wählen Sie { $protocol } und tragen Sie diese Einstellungen ein:
iphone-by-hand-optional = Tragen Sie Benutzernamen und Passwort auch beim Postausgang ein, obwohl das Gerät sie „optional“ nennt. Ohne sie können Sie nichts senden.
iphone-by-hand-port = Port und Verschlüsselung findet das Gerät selbst. Zum Prüfen öffnen Sie das Konto noch einmal unter { $iphone-accounts } und tippen auf { $iphone-advanced }. Für den Postausgang tippen Sie auf { $iphone-smtp } und auf den Server. Dort stehen { $iphone-security } und { $iphone-port }.

mac-step-download = Klicken Sie auf die Schaltfläche. Doppelklicken Sie dann in Ihren Downloads auf die Datei.
mac-step-settings = Es öffnet sich nichts von selbst. Öffnen Sie innerhalb von 8 Minuten { $mac-settings } und wählen Sie { $mac-general } › { $mac-management }. Bei macOS 13 und 14 wählen Sie { $mac-privacy } › { $mac-profiles }.
mac-step-install = Doppelklicken Sie auf das Profil und klicken Sie auf { $mac-install }.
mac-step-username = Wenn der Mac nach dem Benutzernamen fragt, geben Sie ein: { $usernames }.
mac-step-login = Wenn der Mac nach Ihren Zugangsdaten fragt, { $login }.
mac-by-hand = Wählen Sie im Programm Mail in der Menüleiste { $mac-mail } › { $mac-add }. Wählen Sie { $mac-other } und klicken Sie auf { $mac-continue }. Geben Sie Ihren Namen, { $address } und Ihr Passwort ein und klicken Sie auf { $mac-sign-in }.
mac-by-hand-type = Mail fragt dann nach mehr. Wählen Sie { $protocol } und tragen Sie diese Einstellungen ein:
mac-by-hand-port = Port und Verschlüsselung findet Mail selbst. Zum Prüfen wählen Sie { $mac-mail } › { $mac-mail-settings } › { $mac-accounts } › { $mac-server-settings } und entfernen das Häkchen bei { $mac-automatic }. Dort stehen auch Benutzername und Passwort für den Postausgang: Ohne sie können Sie nichts senden.

outlook-cloud = Bevor Sie Ihr Passwort eingeben: Das neue Outlook für Windows und Outlook auf dem Handy senden es an Microsoft. Die Server von Microsoft holen dann Ihre Mails ab und behalten eine Kopie. Das klassische Outlook und andere Programme wie Thunderbird tun das nicht.
outlook-classic-heading = Klassisches Outlook für Windows
outlook-classic-step-add = Wählen Sie { $outlook-file } › { $outlook-add }. Outlook zeigt eines von zwei Fenstern:
outlook-classic-simple = Es fragt nur nach Ihrer Adresse: Geben Sie { $address } ein, öffnen Sie { $outlook-advanced }, kreuzen Sie { $outlook-manual } an und klicken Sie auf { $outlook-connect }. Wählen Sie { $protocol }, tragen Sie die Einstellungen unten ein und { $login }.
outlook-classic-simple-username = Es fragt nur nach Ihrer Adresse: Schließen Sie es, denn es hat kein Feld für den Benutzernamen. Öffnen Sie die Systemsteuerung von Windows, wählen Sie { $outlook-panel } und fügen Sie das Konto dort hinzu. Sie bekommen dann das andere Fenster.
outlook-classic-manual = Es zeigt { $outlook-panel-manual }: Wählen Sie das und dann { $outlook-panel-type }. Geben Sie Ihren Namen und { $address } ein, wählen Sie { $protocol } und tragen Sie die Server von unten ein. Tragen Sie bei { $outlook-username } ein: { $usernames }. Dann { $login }.
outlook-classic-more = Klicken Sie in diesem Fenster auf { $outlook-more }. Kreuzen Sie unter { $outlook-outgoing-tab } an: { $outlook-outgoing }. Ports und Verschlüsselung stehen unter { $outlook-advanced-tab }.
outlook-new-heading = Neues Outlook für Windows
outlook-new-add = Fügen Sie in den Einstellungen ein Konto hinzu. Geben Sie { $address } ein, wählen Sie { $protocol } und öffnen Sie die erweiterten Einstellungen. Tragen Sie für beide Server die Einstellungen unten ein. Der Benutzername: { $usernames }. Dann { $login }.
outlook-phone-heading = Outlook auf dem Handy
outlook-phone-add = Fügen Sie ein Konto hinzu, geben Sie { $address } ein und wählen Sie { $protocol }. Wenn die App nicht danach fragt, tippen Sie auf „?“ und { $outlook-provider }. Öffnen Sie { $outlook-advanced-settings } und tragen Sie für beide Server die Einstellungen unten ein. Der Benutzername: { $usernames }. Dann { $login }.
outlook-no-change = Im neuen Outlook und auf dem Handy können Sie einen Server später nicht mehr ändern. Wenn einer falsch ist, löschen Sie das Konto und fügen Sie es noch einmal hinzu.
outlook-mac-heading = Outlook für Mac
outlook-mac-add = Fügen Sie in den Einstellungen ein Konto hinzu. Geben Sie { $address } ein, wählen Sie { $protocol } und tragen Sie die Einstellungen unten ein. Der Benutzername: { $usernames }. Dann { $login }. Wenn Outlook anbietet, das Konto mit der Cloud von Microsoft zu synchronisieren, geht Ihr Passwort auch dorthin.
outlook-fields = Die Einstellungen für jedes Outlook. Manche nennen die Felder anders:

gmail-step-add = Öffnen Sie in der Gmail-App das Menü ≡ und wählen Sie { $gmail-settings } › { $gmail-add } › { $gmail-other }.
gmail-step-address = Geben Sie { $address } ein und tippen Sie auf { $gmail-manual }. Wählen Sie die Zeile mit { $protocol }.
gmail-step-login = Dann { $login }.
gmail-step-type = Tragen Sie diese Einstellungen ein. Lassen Sie beim Postausgang { $gmail-require } eingeschaltet.

samsung-step-add = Öffnen Sie in Samsung Email das Menü ☰ und wählen Sie { $samsung-settings } › { $samsung-add } › { $samsung-other }.
samsung-step-address = Geben Sie { $address } ein, { $login } und tippen Sie auf { $samsung-manual }. Wählen Sie { $protocol }.
samsung-step-type = Tragen Sie diese Einstellungen ein:

fairemail-step-wizard = Tippen Sie in FairEmail unter { $fairemail-quick } auf { $fairemail-wizard } und wählen Sie { $fairemail-other }.
fairemail-step-login = Geben Sie Ihren Namen und { $address } ein, { $login } und tippen Sie auf { $fairemail-check }. FairEmail findet die Einstellungen und zeigt sie. Speichern Sie sie.
fairemail-no-wizard = Der Assistent hat keinen Platz für Ihre Einstellungen. Richten Sie das Konto von Hand ein.
fairemail-by-hand = Öffnen Sie { $fairemail-manual }. Fügen Sie unter { $fairemail-accounts } ein Konto für { $protocol } mit den Einstellungen für den Posteingang hinzu. Fügen Sie dann unter { $fairemail-identities } eine Identität mit denen für den Postausgang hinzu.

evolution-step-add = Wählen Sie { $evolution-file } › { $evolution-new } › { $evolution-account }.
evolution-step-address = Geben Sie unter { $evolution-identity } Ihren Namen und { $address } ein. Lassen Sie dies angekreuzt: { $evolution-lookup }.
evolution-step-username = Prüfen Sie unter { $evolution-receiving } und { $evolution-sending } den { $evolution-username }. Der richtige: { $usernames }.
evolution-step-login = Wenn Evolution nach Ihren Zugangsdaten fragt, { $login }.
evolution-by-hand = Wenn Evolution nichts findet, klicken Sie auf { $evolution-skip }. Wählen Sie bei { $evolution-type } den Eintrag { $protocol } und tragen Sie diese Einstellungen ein. Kreuzen Sie unter { $evolution-sending } an: { $evolution-requires }.

kmail-step-add = Geben Sie im { $kmail-assistant } Ihren Namen und { $address } ein, { $login } und klicken Sie auf { $kmail-next }.
kmail-step-username = Klicken Sie auf { $kmail-manual } und prüfen Sie { $kmail-username }. Der richtige: { $usernames }.
kmail-step-create = Klicken Sie auf { $kmail-create }.
kmail-by-hand = Wenn KMail nichts findet, klicken Sie auf { $kmail-manual }, wählen Sie { $protocol } und tragen Sie diese Einstellungen ein:

other-text = Suchen Sie in Ihrem Programm die manuelle Einrichtung, wählen Sie { $protocol } und übernehmen Sie die Einstellungen von dieser Seite. Die Wörter sind verschieden:
other-security-SSL = Port { $ports }: Die richtige Verschlüsselung heißt SSL/TLS, SSL, TLS oder „TLS auf einem eigenen Port“.
other-security-STARTTLS = Port { $ports }: Die richtige Verschlüsselung heißt STARTTLS oder TLS. Sie heißt nicht SSL.
other-password = Die richtige Anmeldung heißt „Passwort“, „Passwort, normal“, „PLAIN“ oder „Klartext“.
other-password-encrypted = Wenn die Verbindung verschlüsselt ist, kann unterwegs niemand das Passwort lesen.
