# The page for people.
#
# Values in braces with a dollar sign, such as { $username }, are filled in: keep their names. { $provider } is the name of the
# provider, { $domain } a domain such as example.org. docs/translating.md says how to edit this file and how to see the result.
#
# One term for one thing:
#   username               the name for logging in, whether or not it is the address; as on the screen of most programs
#   account name           a username that is not made from the address, such as user0001
#   login details          username, password and server, as the administrator hands them out
#   administrator          the person who opens mailboxes and hands out login details
#   provider               the company that runs the mail server
#   Internet provider      the company that connects people to the Internet
#   mailbox                what a person has on the server
#   mail program           on a computer or a phone; “program” if no other is meant
#   webmail                mail in the browser
#   incoming, outgoing     mail and servers
#   trash                  where deleted messages stay
#   out-of-office reply    what the server answers while somebody is absent

page-title = E-mail settings for { $domain }
page-skip = Skip to the settings
page-languages = Language
page-copy = Copy
page-copied = Copied
page-print = Print
page-heading = Set up your e-mail
page-intro = These are the settings for { $domain }. Most mail programs find them by themselves: type your e-mail address and your password, and you are done. If a program asks for more, copy the values from this page.
page-personal = This page is for { $address }. Keep the link to yourself: the page shows your username.

form-label = Your e-mail address
form-hint = The page then shows your own settings. Your address is not stored.
form-submit = Show my settings

# Pages without settings.
start-heading = Set up your e-mail
start-text = Type your e-mail address to see the settings for your mail program or phone.
unknown-heading = No settings for this address
unknown-text = We do not know this domain. Check the part after the @ for typing errors. If it is right, ask the person who gave you the address: your mailbox may be with another provider.
invalidLink-heading = This link does not work
invalidLink-text = The link has expired or is incomplete. Copy the whole link from the message that you got, up to its last character. If it still does not work, ask your provider for a new one.
invalidLink-settings = You can see the settings of your domain without a link: type your e-mail address.

# The username. It comes first, because most problems come from it.
username-heading = Username
username-address = Your username is your whole e-mail address, with the @ and everything after it.
username-localPart = Your username is not your whole e-mail address, but only the part before the @.
username-derived = Your username is made from your e-mail address. Type your address above to see it.
username-own = Your username is not your e-mail address. Type it exactly as it is shown here.
username-hidden = Your username is not your e-mail address. It is the account name in the letter or message with your login details.
username-hidden-ask = If you cannot find it, ask { $provider }.
# In place of { $username }, { $outgoing-username } and { $address }, if they are not known. Write the sentences of the guides so
# that these words fit into them.
username-in-words-address = your whole e-mail address
username-in-words-localPart = the part of your e-mail address before the @
username-in-words-derived = the username for your address
username-in-words-hidden = the account name from your provider
your-address = your e-mail address

settings-heading = Settings
incoming-heading = Incoming mail ({ $protocol })
outgoing-heading = Outgoing mail ({ $protocol })
field-server = Server
field-port = Port
field-security = Encryption
field-username = Username
field-password = Password
field-authentication = Authentication
security-SSL = SSL/TLS
security-STARTTLS = STARTTLS
security-plain = none
password-yours = the password of your mailbox
outgoing-login = The outgoing server needs your username and password, too.
authentication-password-cleartext = normal password
authentication-password-encrypted = encrypted password
authentication-OAuth2 = log in with your browser (OAuth2)
authentication-GSSAPI = Kerberos (GSSAPI)
authentication-NTLM = NTLM
authentication-TLS-client-cert = client certificate
authentication-client-IP-address = none: the server knows your network
authentication-none = none
alternative-heading = POP3 instead of IMAP
alternative-text = Only if you read your mail on a single computer and want to keep it there:
enable-heading = First, allow mail programs
enable-link = Allow mail programs
profile-picture = QR code of the profile for iPhone and iPad

clients-heading = Choose your program or phone
clients-intro = Programs have different words for the same thing; each guide uses the words of its program. If you have no mail program yet: Thunderbird is free, and it finds these settings by itself.

# When it does not work, by symptom.
trouble-heading = If it does not work
trouble-intro = Most problems are typing errors. Compare every value with this page, letter by letter.
trouble-password-heading = The password is refused
trouble-password-address = First check the username: it must be your whole e-mail address.
trouble-password-localPart = First check the username: many programs fill in the whole address, but it must be only the part before the @.
trouble-password-derived = First check the username: it must be the one that this page shows when you type your address above.
trouble-password-own = First check the username: many programs fill in the address, but it must be { $username }.
trouble-password-hidden = First check the username: many programs fill in the address, but it must be the account name in the letter or message with your login details.
trouble-password-again = Then type the password again, with the same capital and small letters. If it is still refused, ask your administrator for a new one.
trouble-sending-heading = You receive mail, but cannot send
trouble-sending = Open the settings of the outgoing server in your program: it needs a username and a password as well. The username is { $outgoing-username }, the password that of your mailbox. Check the server { $outgoing-hostname } and the port { $outgoing-port }, too.
trouble-sending-network = Open the settings of the outgoing server in your program. The server is { $outgoing-hostname }, the port { $outgoing-port }. It needs no password, but works only in certain networks.
trouble-certificate-heading = The program warns about a certificate
trouble-certificate = Stop: do not accept the certificate, and do not type your password.
trouble-certificate-server = The server must be exactly { $incoming-hostname }.
trouble-certificate-servers = The server must be exactly { $incoming-hostname } for incoming mail and { $outgoing-hostname } for outgoing mail.
trouble-certificate-ask = If it is, ask { $provider }: somebody may be trying to read your mail.
trouble-not-found-heading = The program finds no settings
trouble-not-found = Choose the manual setup of your program, and type the settings. To avoid errors, copy each value from this page:

help-heading = Good to know
help-access-heading = Where do I get my login details?
help-access = Your administrator gave you your username, your password and the name of the server when your mailbox was opened. If you no longer have them, ask the administrator again.
# Follows texts that name the administrator, if the provider can be reached.
help-contact = If you do not know who that is, ask us.
help-protocol-heading = IMAP or POP3?
help-protocol = IMAP keeps your mail on the server: you see the same messages on every computer, phone and tablet, and on a slow connection a program can load just the messages that you open. POP3 moves your mail to one computer, which then keeps it, and usually removes it from the server. We recommend IMAP.
help-protocol-imap-only = Your mail stays on the server (IMAP): you see the same messages on every computer, phone and tablet.
help-protocol-pop3-only = Your mail is moved to your computer (POP3), which then keeps it. In your program, you can choose how long copies stay on the server.
help-quota-heading = How much space do I have?
help-quota = Your mailbox holds { $quota }.
help-quota-trash = With IMAP, deleted messages count until you empty the trash. Empty it regularly.
help-size-heading = How large can a message be?
help-size = A message can have at most { $messageSize }, attachments included, whichever program you use.
help-size-attachments = Attachments grow by about a third when they are sent. For large files, send a link instead.
help-sending-heading = Sending from everywhere
help-sending = Send through { $outgoing-hostname } with your username and password: then you can send at home, at work and on the road. The server of your Internet provider usually works only at home, and other providers may treat messages from there as spam.
help-sending-network = { $outgoing-hostname } accepts messages only in certain networks. Elsewhere, use the outgoing server of your Internet provider.
help-webmail-heading = Mail in the browser
help-webmail = You can read and send mail on any computer, without a mail program. Log in with the same username and password:
help-webmail-sender = The first time, open the settings of the webmail. Set your address exactly as your administrator gave it to you, because others see it as the sender, and choose your language.
help-webmail-pop3 = Do not use the webmail together with a program that fetches mail by POP3: it takes the messages away, and they seem to be lost.
help-absence-heading = Out-of-office replies and forwarding
help-absence = Your administrator sets them up on the server. Ask the person who gave you your login details.
help-password-heading = A good password
help-password = At least 12 characters: letters, digits and symbols, or several random words. Use it nowhere else. If your password is a word of the dictionary or the same as your username, it is easy to guess: ask your administrator for a new one. We never ask for your password by e-mail.

contact-heading = Help
contact-intro = Ask { $provider }:
contact-none = Ask the person who gave you your e-mail address.
contact-email = E-mail
contact-phone = Phone
contact-url = Website
contact-hours = Hours
