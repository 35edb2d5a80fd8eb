# The words of mail programs, exactly as they are on the screen, but without a colon at the end. docs/labels.md says where they come from.
# A word without a source in a language is not in the file of the language: people then see the English word, marked as English.

# Thunderbird 153 (accountHub.ftl, appmenu.ftl)
thunderbird-add = Ajouter un compte
thunderbird-email = Adresse e-mail
thunderbird-continue = Continuer
thunderbird-found = Configuration trouvée chez le fournisseur de messagerie.
thunderbird-edit = Modifier la configuration
thunderbird-manual = Configurer manuellement
thunderbird-finish = Terminer
thunderbird-protocol = Protocole
thunderbird-server = Nom d’hôte
thunderbird-port = Port
thunderbird-security = Sécurité de la connexion
thunderbird-security-SSL = SSL/TLS
thunderbird-security-STARTTLS = STARTTLS
thunderbird-security-plain = Aucune
thunderbird-authentication = Méthode d’authentification
thunderbird-password = Mot de passe normal
thunderbird-username = Nom d’utilisateur

# Thunderbird for Android (strings.xml of feature/account, feature/onboarding, feature/settings)
thunderbird-android-import = Importer les paramètres
thunderbird-android-scan = Lire un code QR
thunderbird-android-passwords = Saisissez vos mots de passe
thunderbird-android-add = Ajoutez un compte de courriel maintenant
thunderbird-android-next = Suivant
thunderbird-android-trust = Je fais confiance à cette configuration
thunderbird-android-edit = Modifier la configuration
thunderbird-android-manual = Configurer manuellement
thunderbird-android-protocol = Protocole
thunderbird-android-server = Serveur
thunderbird-android-port = Port
thunderbird-android-security = Sécurité
thunderbird-android-security-SSL = SSL/TLS
thunderbird-android-security-STARTTLS = StartTLS
thunderbird-android-security-plain = Aucune
thunderbird-android-authentication = Authentification
thunderbird-android-password = Mot de passe normal
thunderbird-android-username = Nom d’utilisateur

# iOS 18 and later
iphone-settings = Réglages
iphone-downloaded = Profil téléchargé
iphone-install = Installer
iphone-stolen = Protection en cas de vol de l’appareil
iphone-mail = Mail
iphone-add = Ajouter un compte
iphone-other = Autre
iphone-add-mail = Ajouter un compte Mail
iphone-next = Suivant
iphone-smtp = SMTP
iphone-server = Nom d’hôte
iphone-username = Nom d’utilisateur

# macOS 15; -privacy and -profiles are of macOS 13 and 14
mac-settings = Réglages Système
mac-general = Général
mac-management = Gestion des appareils
mac-privacy = Confidentialité et sécurité
mac-profiles = Profils
mac-install = Installer
mac-mail = Mail
mac-add = Ajouter un compte
mac-other = Autre compte Mail
mac-sign-in = Se connecter
mac-server-settings = Réglages du serveur
mac-automatic = Gérer automatiquement les réglages de connexion
mac-server = Serveur de réception
mac-outgoing-server = Serveur d’envoi
mac-port = Port
mac-security = Utiliser TLS/SSL
mac-username = Nom d’utilisateur

# Outlook. The first words are of the two windows of classic Outlook, those after -provider of the app for phones.
outlook-file = Fichier
outlook-add = Ajouter un compte
outlook-advanced = Options avancées
outlook-manual = Configurer mon compte manuellement
outlook-connect = Connexion
outlook-panel-manual = Configuration manuelle ou types de serveurs supplémentaires
outlook-panel-type = POP ou IMAP
outlook-more = Paramètres supplémentaires
outlook-outgoing-tab = Serveur sortant
outlook-outgoing = Mon serveur sortant (SMTP) requiert une authentification
outlook-advanced-tab = Options avancées
outlook-provider = Changer de fournisseur de compte
outlook-advanced-settings = Paramètres avancés
outlook-server = Serveur
outlook-port = Port
outlook-security = Méthode de chiffrement
outlook-security-SSL = SSL/TLS
outlook-security-STARTTLS = STARTTLS
outlook-username = Nom d’utilisateur

# Gmail for Android
gmail-settings = Paramètres
gmail-add = Ajouter un compte
gmail-other = Autre
gmail-manual = Configuration manuelle
gmail-server = Serveur
gmail-outgoing-server = Serveur SMTP
gmail-port = Port
gmail-security = Type de sécurité
gmail-security-SSL = SSL/TLS
gmail-security-STARTTLS = STARTTLS
gmail-security-plain = Aucun
gmail-username = Nom d’utilisateur

# FairEmail (strings.xml)
fairemail-quick = Configuration rapide
fairemail-wizard = Assistant
fairemail-other = Autre fournisseur
fairemail-check = Vérifier
fairemail-manual = Configuration manuelle et options des comptes
fairemail-accounts = Comptes
fairemail-identities = Identités
fairemail-server = Nom d’hôte
fairemail-port = Numéro de port
fairemail-security = Chiffrement
fairemail-security-SSL = SSL/TLS
fairemail-security-STARTTLS = STARTTLS
fairemail-security-plain = Aucun (non sécurisé)
fairemail-username = Nom d’utilisateur

# Evolution 3.46 (evolution.mo)
evolution-file = Fichier
evolution-new = Nouveau
evolution-account = Comptes de messagerie
evolution-identity = Identité
evolution-lookup = Consulter les détails du serveur de courrier sur la base de l’adresse électronique saisie
evolution-skip = Sauter la recherche
evolution-receiving = Réception du courriel
evolution-sending = Envoi du courriel
evolution-type = Type de serveur
evolution-requires = Le serveur requiert une authentification
evolution-server = Serveur
evolution-port = Port
evolution-security = Méthode de chiffrement
evolution-security-SSL = TLS sur un port dédié
evolution-security-STARTTLS = STARTTLS après connexion
evolution-security-plain = Sans chiffrement
evolution-username = Nom d’utilisateur

# KMail (accountwizard.po)
kmail-assistant = Assistant de création de compte
kmail-next = Suivant
kmail-manual = Configuration manuelle
kmail-create = Créer un nouveau compte
kmail-server = Serveur entrant
kmail-outgoing-server = Serveur sortant
kmail-port = Port
kmail-security = Sécurité
kmail-security-SSL = SSL / TLS (Recommandé)
kmail-security-STARTTLS = STARTTLS
kmail-authentication = Méthode d’authentification
kmail-password = Effacer le texte
kmail-username = Nom d’utilisateur
