# The settings in words, and the texts of profiles for iPhones and Macs.

settings-title = Courrier chez { $provider } : { $account }
settings-incoming = Courrier entrant
settings-outgoing = Courrier sortant
settings-server = Serveur
settings-port = Port
settings-encryption = Chiffrement
settings-encryption-SSL = SSL/TLS
settings-encryption-STARTTLS = STARTTLS
settings-encryption-plain = aucun
settings-username = Nom d’utilisateur
settings-your-username = celui que votre fournisseur vous a donné
settings-password = Mot de passe
settings-your-password = celui de votre boîte
settings-on-apple = Sur un iPhone, un iPad ou un Mac, ouvrez-y :
settings-on-android = Avec Thunderbird sur Android, scannez (« Importer les paramètres ») :
settings-webmail = Dans le navigateur : { $url }
settings-enable = Autorisez d’abord ici les logiciels de messagerie : { $url }

profile-title = Courrier : { $account }
profile-description = Configure votre courrier chez { $provider } sur cet appareil. Votre mot de passe vous sera demandé à l’installation.
