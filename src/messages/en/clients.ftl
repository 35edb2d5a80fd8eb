# The guides for mail programs. Labels such as { $thunderbird-continue } are filled in from labels.ftl, in bold. { $username },
# { $incoming-hostname } and the like are the settings. { $protocol } is IMAP or POP3. { $usernames } is client-usernames-one or
# client-usernames-two, and { $login } is one of client-login-…; write these four so that they fit inside a sentence.

client-other = Another program
client-by-hand = By hand
client-incoming = Incoming mail
client-outgoing = Outgoing mail
client-usernames-one = { $username } (for incoming and for outgoing mail)
client-usernames-two = { $username } for incoming mail, { $outgoing-username } for outgoing mail
client-login-password = type the password of your mailbox
client-login-browser = log in in the browser window that opens
client-login-other = log in as your provider explained to you
client-check-username = Programs fill in your address as the username. Replace it. The right username is { $usernames }.
client-switch-on = on
client-switch-off = off
client-browser = With this provider you log in in a browser window (OAuth2). A program that asks for a password instead cannot be used.
client-plain = A server on this page is not encrypted: others in the same network can read your password. Programs warn of this, and some refuse such a server. Ask your provider for an encrypted one.

thunderbird-step-add = In the menu ≡, choose { $thunderbird-add }, then { $thunderbird-email }.
thunderbird-step-address = Type your name and { $address }, and click { $thunderbird-continue }.
thunderbird-step-found = Thunderbird answers: { $thunderbird-found }
thunderbird-step-username = Click { $thunderbird-edit }, and check { $thunderbird-username }. The right one is { $usernames }.
thunderbird-step-login = Click { $thunderbird-continue }, { $login }, and click { $thunderbird-finish } at the end.
thunderbird-by-hand = If Thunderbird finds nothing, click { $thunderbird-manual }. Under { $thunderbird-protocol }, choose { $protocol }, and type these settings:

thunderbird-android-step-open = First open the Thunderbird app on the phone. The camera app cannot read this code.
thunderbird-android-step-import = In the Thunderbird app, tap { $thunderbird-android-import }, then { $thunderbird-android-scan }, and scan this code:
thunderbird-android-step-passwords = When the app shows { $thunderbird-android-passwords }, { $login }: once for incoming and once for outgoing mail. The code contains no password.
thunderbird-android-picture = QR code for Thunderbird on Android
thunderbird-android-on-phone = Are you reading this page on that phone? Then open the page on another screen and scan the code there, or add the account without the code:
thunderbird-android-step-add = Open the app, tap { $thunderbird-android-add }, and type { $address }.
thunderbird-android-step-next = Tap { $thunderbird-android-next }. The app looks for the settings. If it asks you to tick { $thunderbird-android-trust }, first compare the servers with this page.
thunderbird-android-step-username = Tap { $thunderbird-android-edit }, and check { $thunderbird-android-username }. The right one is { $usernames }.
thunderbird-android-step-login = Then { $login }, and tap { $thunderbird-android-next }.
thunderbird-android-by-hand = If the app finds nothing, tap { $thunderbird-android-manual }. Under { $thunderbird-android-protocol }, choose { $protocol }, and type these settings:

iphone-profile = Download the profile
iphone-scan = Or scan this code with the camera of the iPhone or iPad:
iphone-step-download = Open this page in Safari on the iPhone or iPad, tap the button, and allow the download.
iphone-step-settings = Nothing opens by itself. Open { $iphone-settings } within 8 minutes, and tap { $iphone-downloaded } at the top. After 8 minutes the device deletes the profile, and you have to download it again. It keeps one profile at a time.
iphone-step-install = Tap { $iphone-install }, and type the code of the device.
iphone-step-username = When the device asks for the username, type { $usernames }.
iphone-step-login = When the device asks you to log in, { $login }.
iphone-note-signed = The device may show the profile as { $iphone-unsigned } or { $iphone-unverified }. That means that Apple does not know who made it, and nothing else. You can install it if you downloaded it from this page. It contains the settings that you see here, and no password.
iphone-note-stolen = If { $iphone-stolen } is on, the iPhone installs profiles only where you often are, for example at home or at work. Elsewhere, wait until you are there, or set up the account by hand.
iphone-by-hand = Choose { $iphone-settings } › { $iphone-apps } › { $iphone-mail } › { $iphone-accounts } › { $iphone-add } › { $iphone-other } › { $iphone-add-mail }. With iOS 17 and older, { $iphone-mail } is directly in { $iphone-settings }. Type your name, { $address } and your password, and tap { $iphone-next }.
iphone-by-hand-type = Choose { $protocol }, and type these settings:
iphone-by-hand-optional = Fill in the username and the password for outgoing mail, too, although the device calls them optional. Without them you cannot send.
iphone-by-hand-port = The device finds out the port and the encryption. To check them, open the account again under { $iphone-accounts }, and tap { $iphone-advanced }. For outgoing mail, tap { $iphone-smtp } and the server. There you find { $iphone-security } and { $iphone-port }.

mac-step-download = Click the button. Then double-click the file in your downloads.
mac-step-settings = Nothing opens by itself. Open { $mac-settings } within 8 minutes, and choose { $mac-general } › { $mac-management }. With macOS 13 and 14, choose { $mac-privacy } › { $mac-profiles }.
mac-step-install = Double-click the profile, and click { $mac-install }.
mac-step-username = When the Mac asks for the username, type { $usernames }.
mac-step-login = When the Mac asks you to log in, { $login }.
mac-by-hand = In the Mail program, choose { $mac-mail } › { $mac-add } in the menu bar. Choose { $mac-other }, and click { $mac-continue }. Type your name, { $address } and your password, and click { $mac-sign-in }.
mac-by-hand-type = Mail then asks for more. Choose { $protocol }, and type these settings:
mac-by-hand-port = Mail finds out the port and the encryption. To check them, choose { $mac-mail } › { $mac-mail-settings } › { $mac-accounts } › { $mac-server-settings }, and untick { $mac-automatic }. The username and the password of outgoing mail are there, too: without them you cannot send.

outlook-cloud = Before you type your password: new Outlook for Windows and Outlook on phones send it to Microsoft. Microsoft’s servers then fetch your mail, and keep a copy of it. Classic Outlook and other programs, such as Thunderbird, do not.
outlook-classic-heading = Classic Outlook for Windows
outlook-classic-step-add = Choose { $outlook-file } › { $outlook-add }. Outlook shows one of two windows:
outlook-classic-simple = It asks only for your address: type { $address }, open { $outlook-advanced }, tick { $outlook-manual }, and click { $outlook-connect }. Choose { $protocol }, type the settings below, and { $login }.
outlook-classic-simple-username = It asks only for your address: close it, because it has no place for the username. Open the Control Panel of Windows, choose { $outlook-panel }, and add the account there. You then get the other window.
outlook-classic-manual = It shows { $outlook-panel-manual }: choose this, and then { $outlook-panel-type }. Type your name and { $address }, choose { $protocol }, and type the servers below. Under { $outlook-username }, type { $usernames }. Then { $login }.
outlook-classic-more = In that window, click { $outlook-more }. Tick { $outlook-outgoing } under { $outlook-outgoing-tab }. The ports and the encryption are under { $outlook-advanced-tab }.
outlook-new-heading = New Outlook for Windows
outlook-new-add = In the settings, add an account. Type { $address }, choose { $protocol }, and open the advanced settings. Type the settings below for both servers. The username is { $usernames }. Then { $login }.
outlook-phone-heading = Outlook for phones
outlook-phone-add = Add an account, type { $address }, and choose { $protocol }. If the app does not ask, tap “?” and { $outlook-provider }. Open { $outlook-advanced-settings }, and type the settings below for both servers. The username is { $usernames }. Then { $login }.
outlook-no-change = In new Outlook and on phones you cannot change a server afterwards. If one is wrong, delete the account and add it again.
outlook-mac-heading = Outlook for Mac
outlook-mac-add = In the settings, add an account. Type { $address }, choose { $protocol }, and type the settings below. The username is { $usernames }. Then { $login }. If Outlook offers to sync with the cloud of Microsoft, your password goes there, too.
outlook-fields = The settings for every Outlook. Some call the fields differently:

gmail-step-add = In the Gmail app, open the menu ≡, and choose { $gmail-settings } › { $gmail-add } › { $gmail-other }.
gmail-step-address = Type { $address }, and tap { $gmail-manual }. Choose the line with { $protocol }.
gmail-step-login = Then { $login }.
gmail-step-type = Type these settings. For outgoing mail, leave { $gmail-require } on.

samsung-step-add = In Samsung Email, open the menu ☰, and choose { $samsung-settings } › { $samsung-add } › { $samsung-other }.
samsung-step-address = Type { $address }, { $login }, and tap { $samsung-manual }. Choose { $protocol }.
samsung-step-type = Type these settings:

fairemail-step-wizard = In FairEmail, under { $fairemail-quick }, tap { $fairemail-wizard } and choose { $fairemail-other }.
fairemail-step-login = Type your name and { $address }, { $login }, and tap { $fairemail-check }. FairEmail finds the settings and shows them. Save them.
fairemail-no-wizard = The wizard has no place for your settings. Set up the account by hand.
fairemail-by-hand = Open { $fairemail-manual }. Under { $fairemail-accounts }, add an account for { $protocol }, with the settings of incoming mail. Then, under { $fairemail-identities }, add one with the settings of outgoing mail.

evolution-step-add = Choose { $evolution-file } › { $evolution-new } › { $evolution-account }.
evolution-step-address = Under { $evolution-identity }, type your name and { $address }. Leave this on: { $evolution-lookup }.
evolution-step-username = Under { $evolution-receiving } and { $evolution-sending }, check { $evolution-username }. The right one is { $usernames }.
evolution-step-login = When Evolution asks you to log in, { $login }.
evolution-by-hand = If Evolution finds nothing, click { $evolution-skip }. Under { $evolution-type }, choose { $protocol }, and type these settings. Under { $evolution-sending }, tick { $evolution-requires }.

kmail-step-add = In the { $kmail-assistant }, type your name and { $address }, { $login }, and click { $kmail-next }.
kmail-step-username = Click { $kmail-manual }, and check { $kmail-username }. The right one is { $usernames }.
kmail-step-create = Click { $kmail-create }.
kmail-by-hand = If KMail finds nothing, click { $kmail-manual }, choose { $protocol }, and type these settings:

other-text = Look for the manual setup of your program, choose { $protocol }, and copy the settings from this page. The words differ:
other-security-SSL = Port { $ports }: the right encryption is called SSL/TLS, SSL, TLS, or “TLS on a dedicated port”.
other-security-STARTTLS = Port { $ports }: the right encryption is called STARTTLS, or TLS. It is not called SSL.
other-password = The right authentication is called “password”, “normal password”, “plain” or “clear text”.
other-password-encrypted = With an encrypted connection, nobody can read the password on its way.
