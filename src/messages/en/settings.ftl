# The settings in words, the answers to personal links that do not work, and the texts of profiles for iPhones and Macs.
#
# One term for one thing: as in page.ftl.

settings-title = Mail at { $provider }: { $account }
settings-incoming = Incoming mail
settings-outgoing = Outgoing mail
settings-server = Server
settings-port = Port
settings-encryption = Encryption
settings-encryption-SSL = SSL/TLS
settings-encryption-STARTTLS = STARTTLS
settings-encryption-plain = none
settings-username = Username
settings-your-username = the account name from your provider
settings-password = Password
settings-your-password = the password of your mailbox
settings-on-apple = On an iPhone, iPad or Mac, open this address:
settings-on-android = In Thunderbird on Android, choose “Import settings” and scan the QR code at this address:
settings-webmail = In the browser: { $url }
settings-enable = First, allow mail programs here: { $url }

# Answers to a personal link that is opened by a program. A browser gets the page.
link-invalid = This link has expired or is incomplete. Copy the whole link from the message that you got, up to its last character. If it still does not work, ask your mail provider for a new one.
link-unknown-domain = At the moment, there are no mail settings for the domain of this link. Try again in an hour. If nothing has changed, ask your mail provider for a new link.
link-not-available = This file is not available for your mailbox. Open your personal link without a file name at its end: it shows the settings that you can type into your mail program.

# The text of the link to the page for people.
page-link = Set up your e-mail

profile-title = Mail: { $account }
profile-description = Sets up your mail at { $provider } on this device. The device asks for your password when you install the profile.
profile-help = Help: { $url }
