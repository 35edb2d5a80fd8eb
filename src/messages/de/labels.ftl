# The words of mail programs, exactly as they are on the screen. A program without a translation is not in the file of the language: its
# English words are shown.

# Thunderbird 153 (accountHub.ftl, appmenu)
thunderbird-add = Add Account
thunderbird-email = Email
thunderbird-name = Full name
thunderbird-continue = Continue
thunderbird-found = Configuration found at email provider.
thunderbird-edit = Edit configuration
thunderbird-manual = Configure Manually
thunderbird-test = Test
thunderbird-finish = Finish
thunderbird-protocol = Protocol
thunderbird-server = Hostname
thunderbird-port = Port
thunderbird-security = Connection security
thunderbird-security-SSL = SSL/TLS
thunderbird-security-STARTTLS = STARTTLS
thunderbird-authentication = Authentication method
thunderbird-password = Normal password
thunderbird-username = Username

# Thunderbird for Android (feature/account, feature/onboarding, feature/settings)
thunderbird-android-import = Import settings
thunderbird-android-scan = Scan QR code
thunderbird-android-passwords = Please enter passwords
thunderbird-android-add = Add an email account now
thunderbird-android-next = Next
thunderbird-android-edit = Edit configuration
thunderbird-android-manual = Configure manually
thunderbird-android-server = Server
thunderbird-android-port = Port
thunderbird-android-security = Security
thunderbird-android-security-SSL = SSL/TLS
thunderbird-android-security-STARTTLS = StartTLS
thunderbird-android-authentication = Authentication
thunderbird-android-password = Normal password
thunderbird-android-username = Username

# iOS 18 and later
iphone-settings = Settings
iphone-downloaded = Profile Downloaded
iphone-install = Install
iphone-unsigned = Not Signed
iphone-unverified = Unverified
iphone-stolen = Stolen Device Protection
iphone-apps = Apps
iphone-mail = Mail
iphone-accounts = Mail Accounts
iphone-add = Add Account
iphone-other = Other
iphone-add-mail = Add Mail Account
iphone-next = Next
iphone-optional = Optional
iphone-advanced = Advanced
iphone-server = Host Name
iphone-username = User Name
iphone-password = Password
iphone-security = Use SSL
iphone-port = Server Port

# macOS 15
mac-settings = System Settings
mac-general = General
mac-management = Device Management
mac-install = Install
mac-mail-add = Add Account
mac-mail-other = Other Mail Account
mac-sign-in = Sign In
mac-server = Mail Server
mac-incoming = Incoming Mail Server
mac-outgoing = Outgoing Mail Server
mac-username = User Name
mac-port = Port
mac-security = Use TLS/SSL

# Outlook
outlook-file = File
outlook-add = Add Account
outlook-advanced = Advanced options
outlook-manual = Let me set up my account manually
outlook-connect = Connect
outlook-panel = Mail
outlook-panel-manual = Manual setup or additional server types
outlook-panel-type = POP or IMAP
outlook-more = More Settings
outlook-outgoing = My outgoing server (SMTP) requires authentication
outlook-server = Server
outlook-port = Port
outlook-security = Encryption method
outlook-security-SSL = SSL/TLS
outlook-security-STARTTLS = STARTTLS
outlook-username = User Name

# Gmail for Android
gmail-settings = Settings
gmail-add = Add account
gmail-other = Other
gmail-manual = Manual setup
gmail-imap = Personal (IMAP)
gmail-pop3 = Personal (POP3)
gmail-server = Server
gmail-port = Port
gmail-security = Security type
gmail-security-SSL = SSL/TLS
gmail-security-STARTTLS = STARTTLS
gmail-username = Username
gmail-require = Require sign-in

# Samsung Email
samsung-settings = Settings
samsung-add = Add account
samsung-other = Other
samsung-manual = Manual setup
samsung-imap = IMAP account
samsung-pop3 = POP3 account
samsung-server = IMAP server
samsung-outgoing-server = SMTP server
samsung-port = Port
samsung-security = Security type
samsung-security-SSL = SSL
samsung-security-STARTTLS = TLS
samsung-username = User name

# FairEmail
fairemail-setup = Manual setup and account options
fairemail-accounts = Accounts
fairemail-identities = Identities
fairemail-wizard = Quick setup
fairemail-other = Other provider
fairemail-server = Host name
fairemail-port = Port number
fairemail-security = Encryption
fairemail-security-SSL = SSL/TLS
fairemail-security-STARTTLS = STARTTLS
fairemail-username = User name

# Evolution (evolution.mo)
evolution-account = Mail Account
evolution-identity = Identity
evolution-lookup = Look up mail server details based on the entered e-mail address
evolution-skip = Skip Lookup
evolution-receiving = Receiving Email
evolution-sending = Sending Email
evolution-requires = Server requires authentication
evolution-server = Server:
evolution-port = Port:
evolution-security = Encryption method:
evolution-security-SSL = TLS on a dedicated port
evolution-security-STARTTLS = STARTTLS after connecting
evolution-username = Username:

# KMail (accountwizard.po)
kmail-assistant = Account Assistant
kmail-name = Full name:
kmail-email = E-mail address:
kmail-next = Next
kmail-manual = Manual Configuration
kmail-create = Create Account
kmail-server = Incoming server:
kmail-outgoing-server = Outgoing server:
kmail-port = Port:
kmail-security = Security:
kmail-security-SSL = SSL/TLS (recommended)
kmail-security-STARTTLS = STARTTLS
kmail-authentication = Authentication Method:
kmail-password = Clear text
kmail-username = Username:
