# The words of mail programs, exactly as they are on the screen, but without a colon at the end. docs/labels.md says where they come from.
# A word without a source in a language is not in the file of the language: people then see the English word, marked as English.

# Thunderbird 153 (accountHub.ftl, appmenu.ftl)
thunderbird-add = Add Account
thunderbird-email = Email
thunderbird-continue = Continue
thunderbird-found = Configuration found at email provider.
thunderbird-edit = Edit configuration
thunderbird-manual = Configure Manually
thunderbird-finish = Finish
thunderbird-protocol = Protocol
thunderbird-server = Hostname
thunderbird-port = Port
thunderbird-security = Connection security
thunderbird-security-SSL = SSL/TLS
thunderbird-security-STARTTLS = STARTTLS
thunderbird-security-plain = None
thunderbird-authentication = Authentication method
thunderbird-password = Normal password
thunderbird-username = Username

# Thunderbird for Android (strings.xml of feature/account, feature/onboarding, feature/settings)
thunderbird-android-import = Import settings
thunderbird-android-scan = Scan QR code
thunderbird-android-passwords = Please enter passwords
thunderbird-android-add = Add an email account now
thunderbird-android-next = Next
thunderbird-android-trust = I trust this configuration
thunderbird-android-edit = Edit configuration
thunderbird-android-manual = Configure manually
thunderbird-android-protocol = Protocol
thunderbird-android-server = Server
thunderbird-android-port = Port
thunderbird-android-security = Security
thunderbird-android-security-SSL = SSL/TLS
thunderbird-android-security-STARTTLS = StartTLS
thunderbird-android-security-plain = None
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
iphone-advanced = Advanced
iphone-smtp = SMTP
iphone-server = Host Name
iphone-port = Server Port
iphone-security = Use SSL
iphone-username = User Name

# macOS 15; -privacy and -profiles are of macOS 13 and 14
mac-settings = System Settings
mac-general = General
mac-management = Device Management
mac-privacy = Privacy & Security
mac-profiles = Profiles
mac-install = Install
mac-mail = Mail
mac-add = Add Account
mac-other = Other Mail Account
mac-continue = Continue
mac-sign-in = Sign In
mac-mail-settings = Settings
mac-accounts = Accounts
mac-server-settings = Server Settings
mac-automatic = Automatically manage connection settings
mac-server = Incoming Mail Server
mac-outgoing-server = Outgoing Mail Server
mac-port = Port
mac-security = Use TLS/SSL
mac-username = User Name

# Outlook. The first words are of the two windows of classic Outlook, those after -provider of the app for phones.
outlook-file = File
outlook-add = Add Account
outlook-advanced = Advanced options
outlook-manual = Let me set up my account manually
outlook-connect = Connect
outlook-panel = Mail
outlook-panel-manual = Manual setup or additional server types
outlook-panel-type = POP or IMAP
outlook-more = More Settings
outlook-outgoing-tab = Outgoing Server
outlook-outgoing = My outgoing server (SMTP) requires authentication
outlook-advanced-tab = Advanced
outlook-provider = Change account provider
outlook-advanced-settings = Advanced settings
outlook-server = Server
outlook-port = Port
outlook-security = Encryption method
outlook-security-SSL = SSL/TLS
outlook-security-STARTTLS = STARTTLS
outlook-security-plain = None
outlook-username = User Name

# Gmail for Android
gmail-settings = Settings
gmail-add = Add account
gmail-other = Other
gmail-manual = Manual setup
gmail-require = Require sign-in
gmail-server = Server
gmail-outgoing-server = SMTP server
gmail-port = Port
gmail-security = Security type
gmail-security-SSL = SSL/TLS
gmail-security-STARTTLS = STARTTLS
gmail-security-plain = None
gmail-username = Username

# Samsung Email
samsung-settings = Settings
samsung-add = Add account
samsung-other = Other
samsung-manual = Manual setup
samsung-server = Incoming server
samsung-outgoing-server = SMTP server
samsung-port = Port
samsung-security = Security type
samsung-security-SSL = SSL
samsung-security-STARTTLS = TLS
samsung-username = User name

# FairEmail (strings.xml)
fairemail-quick = Quick setup
fairemail-wizard = Wizard
fairemail-other = Other provider
fairemail-check = Check
fairemail-manual = Manual setup and account options
fairemail-accounts = Accounts
fairemail-identities = Identities
fairemail-server = Host name
fairemail-port = Port number
fairemail-security = Encryption
fairemail-security-SSL = SSL/TLS
fairemail-security-STARTTLS = STARTTLS
fairemail-security-plain = None (insecure)
fairemail-username = User name

# Evolution 3.46 (evolution.mo)
evolution-file = File
evolution-new = New
evolution-account = Mail Account
evolution-identity = Identity
evolution-lookup = Look up mail server details based on the entered e-mail address
evolution-skip = Skip Lookup
evolution-receiving = Receiving Email
evolution-sending = Sending Email
evolution-type = Server Type
evolution-requires = Server requires authentication
evolution-server = Server
evolution-port = Port
evolution-security = Encryption method
evolution-security-SSL = TLS on a dedicated port
evolution-security-STARTTLS = STARTTLS after connecting
evolution-security-plain = No encryption
evolution-username = Username

# KMail (accountwizard.po)
kmail-assistant = Account Assistant
kmail-next = Next
kmail-manual = Manual Configuration
kmail-create = Create Account
kmail-server = Incoming server
kmail-outgoing-server = Outgoing server
kmail-port = Port
kmail-security = Security
kmail-security-SSL = SSL/TLS (recommended)
kmail-security-STARTTLS = STARTTLS
kmail-authentication = Authentication Method
kmail-password = Clear text
kmail-username = Username
