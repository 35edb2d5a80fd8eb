# The settings in words, the answers to personal links that do not work, and the texts of profiles for iPhones and Macs.
#
# One term for one thing, and French spaces: as in page.ftl.

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
settings-your-username = le nom de compte donné par votre fournisseur
settings-password = Mot de passe
settings-your-password = celui de votre boîte aux lettres
settings-on-apple = Sur un iPhone, un iPad ou un Mac, ouvrez cette adresse :
settings-on-android = Dans Thunderbird sur Android, choisissez « Importer les paramètres » et scannez le code QR qui se trouve à cette adresse :
settings-webmail = Dans le navigateur : { $url }
settings-enable = Autorisez d’abord les logiciels de messagerie ici : { $url }

# Answers to a personal link that is opened by a program. A browser gets the page.
link-invalid = Ce lien a expiré ou est incomplet. Copiez le lien entier, jusqu’au dernier caractère, dans le message que vous avez reçu. S’il ne fonctionne toujours pas, demandez-en un nouveau à votre fournisseur de messagerie.
link-unknown-domain = Il n’y a pas de paramètres de messagerie pour le domaine de ce lien en ce moment. Réessayez dans une heure. Si rien n’a changé, demandez un nouveau lien à votre fournisseur de messagerie.
link-not-available = Ce fichier n’est pas disponible pour votre boîte aux lettres. Ouvrez votre lien personnel sans nom de fichier à la fin : il affiche les paramètres que vous pouvez saisir dans votre logiciel de messagerie.

# The text of the link to the page for people.
page-link = Configurer votre messagerie

profile-title = Courrier : { $account }
profile-description = Configure votre courrier chez { $provider } sur cet appareil. L’appareil vous demandera votre mot de passe à l’installation du profil.
profile-help = Aide : { $url }
