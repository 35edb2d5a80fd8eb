# The settings in words, and the texts of profiles for iPhones and Macs.

settings-title = Mail at { $provider }: { $account }
settings-incoming = Incoming mail
settings-outgoing = Outgoing mail
settings-server = Server
settings-port = Port
settings-encryption = Encryption
settings-encryption-SSL = SSL/TLS
settings-encryption-STARTTLS = STARTTLS
settings-encryption-plain = none
settings-username = User name
settings-your-username = the name that your provider gave you
settings-password = Password
settings-your-password = that of your mailbox
settings-on-apple = On an iPhone, an iPad or a Mac, open this there:
settings-on-android = With Thunderbird on Android, scan this ("Import settings"):
settings-webmail = In a web browser: { $url }
settings-enable = First, allow mail programs here: { $url }

profile-title = Mail: { $account }
profile-description = Sets up your mail at { $provider } on this device. Your password is asked for when you install it.
