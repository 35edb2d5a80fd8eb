# The page for people. Values in braces with a dollar sign, such as { $username }, are filled in; keep their names.
# { $provider }: the name of the provider. { $domain }: the domain, such as example.org.

page-title = E-mail settings for { $domain }
page-title-start = E-mail settings
page-skip = Skip to the settings
page-languages = Language
page-copy = Copy
page-copied = Copied
page-print = Print
page-heading = Set up your e-mail
page-intro = These are the settings for { $domain }. Most mail programs find them by themselves: type your e-mail address and your password, and you are done. If a program asks for more, copy the values from this page.
page-personal = This page is for { $address }. Do not pass the link on: it shows your user name.

form-label = Your e-mail address
form-hint = With it, this page can show your user name. It is not stored.
form-submit = Show my settings

start-heading = Set up your e-mail
start-text = Type your e-mail address to see the settings for your mail program or phone.
unknown-heading = No settings for this address
unknown-text = We do not know this domain. Check the part after the @ for typing errors. If it is right, your e-mail is with another provider, or the domain is not set up here yet.
invalidLink-heading = This link no longer works
invalidLink-text = The link has expired or is incomplete. Copy the whole link from the message that you got, up to its last letter. If it still does not work, ask your provider for a new one.
invalidLink-settings = You can see the general settings here:

# The user name. It comes first, because most problems come from it.
username-heading = User name
username-address = Your user name is your whole e-mail address.
username-localPart = Your user name is the part of your e-mail address before the @, not the whole address.
username-derived = Your user name is made from your e-mail address. Type your address above to see it.
username-own = Your user name is not your e-mail address. Type it exactly as it is shown here.
username-hidden = Your user name is not your e-mail address. It is the account name in the letter or message from your provider with your access data.
username-hidden-ask = If you do not have it any more, ask your provider.
# In place of the user name, in a sentence or a table.
username-in-words-address = your whole e-mail address
username-in-words-localPart = the part of your address before the @
username-in-words-derived = your user name
username-in-words-own = your user name
username-in-words-hidden = the account name from your provider
your-address = your e-mail address

settings-heading = Settings
incoming-heading = Incoming mail ({ $protocol })
outgoing-heading = Outgoing mail ({ $protocol })
field-server = Server
field-port = Port
field-security = Security
field-username = User name
field-password = Password
field-authentication = Authentication
security-SSL = SSL/TLS
security-STARTTLS = STARTTLS
security-plain = none
password-yours = the password of your mailbox
outgoing-login = The outgoing server needs your user name and password, too.
authentication-password-cleartext = normal password
authentication-password-encrypted = encrypted password
authentication-OAuth2 = log in with your browser (OAuth2)
authentication-GSSAPI = Kerberos (GSSAPI)
authentication-NTLM = NTLM
authentication-TLS-client-cert = client certificate
authentication-client-IP-address = none, by your network
authentication-none = none
alternative-heading = POP3 instead of IMAP
alternative-text = Only if you want to read your mail on one computer and keep it there:
enable-heading = First, allow mail programs
enable-link = Do it here
profile-picture = QR code of the profile for iPhone and iPad

clients-heading = Choose your program or phone
clients-intro = Each guide uses the words of that program.

help-heading = Good to know
help-protocol-heading = IMAP or POP3?
help-protocol = IMAP keeps your mail on the server: you see the same messages on your computer, phone and tablet. POP3 moves it to one computer and usually removes it from the server. We recommend IMAP.
help-protocol-imap-only = Your mail stays on the server (IMAP): you see the same messages on your computer, phone and tablet.
help-protocol-pop3-only = Mail is moved to your computer (POP3). Choose in your program how long copies stay on the server.
help-quota-heading = How much space do I have?
help-quota = Your mailbox holds { $quota }.
help-quota-trash = With IMAP, deleted messages count until you empty the trash. Empty it regularly.
help-size-heading = How large can a message be?
help-size = At most { $messageSize }, in your program and in the webmail. Attachments grow by about a third when they are sent.
help-size-other = Attachments grow by about a third when they are sent. For large files, send a link instead.
help-sending-heading = Sending from everywhere
help-sending = Use { $outgoing-hostname } with your user name and password: then you can send at home, at work and on the road. The server of your Internet provider usually works only at home, and other providers may treat messages from there as spam.
help-webmail-heading = Mail in the browser
help-webmail = Log in with the same user name and password:
help-webmail-sender = When you use it for the first time, set your exact address as the sender, and your language.
help-webmail-pop3 = Do not use the webmail together with a program that fetches mail by POP3: messages seem to disappear from the webmail.
help-absence-heading = Absence messages and redirects
help-absence = Your administrator sets them up: the person who gave you your user name and password.
help-absence-contact = If you do not know who that is, ask us.
help-password-heading = A good password
help-password = At least 12 characters, and used nowhere else. Several random words are easy to remember and hard to guess. Never use your user name. If yours is weak, ask for a new one. We never ask for your password by e-mail.

trouble-heading = If it does not work
trouble-password-heading = The password is refused
trouble-password-address = Check the user name first: it must be your whole address. Then type the password again, with capital and small letters as they are.
trouble-password-localPart = Check the user name first: many programs fill in the whole address, but it must be only the part before the @. Then type the password again, with capital and small letters as they are.
trouble-password-other = Check the user name first: many programs fill in your address, but that is wrong here. It must be { $username }. Then type the password again, with capital and small letters as they are.
trouble-sending-heading = Mail arrives, but sending fails
trouble-sending = Open the settings of the outgoing server. It needs a user name and password, too: { $outgoing-username } and the password of your mailbox. Check { $outgoing-hostname } and port { $outgoing-port }.
trouble-certificate-heading = The program warns of a certificate
trouble-certificate = Stop, and do not accept the certificate. Check that the server is exactly { $incoming-hostname }. If it is, ask your provider: somebody may be listening in.
trouble-not-found-heading = The program finds no settings
trouble-not-found = Choose the manual setup of your program, and copy the values from this page.

contact-heading = Help
contact-intro = Ask { $provider }:
contact-none = Ask the person who gave you your e-mail address.
contact-email = E-mail
contact-phone = Phone
contact-url = Website
contact-hours = Hours
