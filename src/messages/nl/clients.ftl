# The guides for mail programs. Labels such as { $thunderbird-continue } are filled in from labels.ftl, in bold. { $username },
# { $incoming-hostname } and the like are the settings.

client-other = Another program
client-by-hand = If you must type the settings
client-incoming = Incoming mail
client-outgoing = Outgoing mail
client-password-later = Type the password of your mailbox when the program asks for it.
client-check-username = Programs fill in your address as the user name. Replace it: the user name is { $username }.

thunderbird-step-add = In the menu ≡, choose { $thunderbird-add }, then { $thunderbird-email }.
thunderbird-step-address = Type your name and { $address }, and click { $thunderbird-continue }.
thunderbird-step-found = Thunderbird says { $thunderbird-found }
thunderbird-step-username = Click { $thunderbird-edit } and set { $thunderbird-username } to { $username }, for incoming and for outgoing mail.
thunderbird-step-password = Click { $thunderbird-continue }, type the password of your mailbox, and click { $thunderbird-finish }.
thunderbird-by-hand = If Thunderbird finds nothing, click { $thunderbird-manual } and type:

thunderbird-android-step-open = Open the Thunderbird app first: the camera of the phone cannot read this code.
thunderbird-android-step-import = Tap { $thunderbird-android-import }, then { $thunderbird-android-scan }, and scan this code.
thunderbird-android-step-passwords = At { $thunderbird-android-passwords }, type the password of your mailbox for incoming and for outgoing mail.
thunderbird-android-picture = QR code for Thunderbird on Android
thunderbird-android-on-phone = Are you reading this on the phone? Then show this page on another screen, or follow these steps instead:
thunderbird-android-step-add = Open the app, tap { $thunderbird-android-add }, and type { $address }.
thunderbird-android-step-next = Tap { $thunderbird-android-next }. The app finds the settings.
thunderbird-android-step-username = Tap { $thunderbird-android-edit } and set { $thunderbird-android-username } to { $username }, for incoming and for outgoing mail.
thunderbird-android-step-password = Type the password of your mailbox, and tap { $thunderbird-android-next }.
thunderbird-android-by-hand = If the app finds nothing, tap { $thunderbird-android-manual } and type:

iphone-profile = Download the profile
iphone-scan = Or scan this code with the camera of your iPhone or iPad.
iphone-step-download = Open this page on the iPhone or iPad in Safari, download the profile, and allow it.
iphone-step-settings = Within 8 minutes, open { $iphone-settings } and tap { $iphone-downloaded } at the top. The device keeps one profile at a time.
iphone-step-install = Tap { $iphone-install } and type the code of the device.
iphone-step-username = When the device asks for the user name, type { $username }.
iphone-step-password = Type the password of your mailbox when the device asks for it.
iphone-note-signed = If the profile is shown as { $iphone-unsigned } or { $iphone-unverified }: it is safe if you downloaded it from this page. It contains only the settings that you see here, and no password.
iphone-note-stolen = If { $iphone-stolen } is on and you are not at home or at work, the device can make you wait an hour.
iphone-by-hand = Without the profile: { $iphone-settings } › { $iphone-apps } › { $iphone-mail } › { $iphone-accounts } › { $iphone-add } › { $iphone-other } › { $iphone-add-mail }. Choose IMAP, and type:
iphone-by-hand-optional = The device calls user name and password of the outgoing server optional. Fill them in all the same: otherwise you cannot send.

mac-step-download = Download the profile, and open it from your downloads.
mac-step-settings = Open { $mac-settings } › { $mac-general } › { $mac-management }. The profile waits there: nothing opens by itself.
mac-step-install = Double-click the profile, and click { $mac-install }.
mac-step-username = When the Mac asks for the user name, type { $username }.
mac-step-password = Type the password of your mailbox when the Mac asks for it.
mac-by-hand = Without the profile: in Mail, choose { $mac-mail-add } › { $mac-mail-other }. Type your name, { $address } and your password, and click { $mac-sign-in }. When Mail asks for the servers, type:

outlook-cloud = Before you type your password: new Outlook for Windows and Outlook on phones send it to Microsoft, and Microsoft's servers then fetch your mail. Classic Outlook and Thunderbird do not.
outlook-classic-heading = Classic Outlook for Windows
outlook-classic-step-add = Choose { $outlook-file } › { $outlook-add }. Type { $address }, open { $outlook-advanced }, tick { $outlook-manual }, and click { $outlook-connect }.
outlook-classic-step-type = Choose IMAP, and type the settings below.
outlook-classic-step-username = This wizard has no field for the user name. Use the other wizard: in the Windows Control Panel, open { $outlook-panel } and add an account with { $outlook-panel-manual } › { $outlook-panel-type }. There, set the user name to { $username }, and tick { $outlook-outgoing } under { $outlook-more }.
outlook-new-heading = New Outlook for Windows, and Outlook for phones
outlook-new-step-add = Add an account, type { $address }, choose IMAP, and open the advanced settings. Type the settings below, the user name for incoming and outgoing mail included.
outlook-new-note = Servers cannot be changed later: if one is wrong, delete the account and add it again.
outlook-mac-heading = Outlook for Mac
outlook-mac-step-add = Add an account, type { $address }, choose IMAP, and type the settings below.

gmail-step-add = In the Gmail app, open { $gmail-settings } › { $gmail-add } › { $gmail-other }. Type { $address }, and tap { $gmail-manual }.
gmail-step-imap = Choose { $gmail-imap } and type the password of your mailbox.
gmail-step-type = Type the settings below. For outgoing mail, leave { $gmail-require } on.

samsung-step-add = In Samsung Email, open { $samsung-settings } › { $samsung-add } › { $samsung-other }. Type { $address } and your password, and tap { $samsung-manual }.
samsung-step-imap = Choose { $samsung-imap }, and type the settings below.

fairemail-step-wizard = In FairEmail, open { $fairemail-wizard } › { $fairemail-other }. Type your name, { $address } and your password.
fairemail-step-username = FairEmail then shows what it found. Set { $fairemail-username } to { $username }.
fairemail-by-hand = If it finds nothing: { $fairemail-setup } › { $fairemail-accounts }, and then { $fairemail-identities } for outgoing mail:

evolution-step-add = Create a { $evolution-account }. Under { $evolution-identity }, type your name and { $address }, and leave the look-up on: { $evolution-lookup }.
evolution-step-username = Under { $evolution-receiving } and { $evolution-sending }, set { $evolution-username } to { $username }.
evolution-step-password = Type the password of your mailbox when Evolution asks for it.
evolution-by-hand = If Evolution finds nothing, click { $evolution-skip } and type the following. Under { $evolution-sending }, tick { $evolution-requires }.

kmail-step-add = In the { $kmail-assistant }, type your name, { $address } and your password, and click { $kmail-next }.
kmail-step-username = Click { $kmail-manual } and set { $kmail-username } to { $username }, for incoming and for outgoing mail.
kmail-step-create = Click { $kmail-create }.
kmail-by-hand = If KMail finds nothing, click { $kmail-manual } and type:

other-text = Look for the manual setup, and copy the settings of this page. Programs differ in their words:
other-security-SSL = The right encryption is called SSL, SSL/TLS, TLS, or "TLS on a dedicated port".
other-security-STARTTLS = The right encryption is called STARTTLS, or TLS on the usual port.
other-password = The right authentication is called "password", "normal password", "plain" or "clear text". The password is encrypted on its way by the connection.
