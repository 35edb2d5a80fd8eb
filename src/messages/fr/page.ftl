# The page for people.
#
# Values in braces with a dollar sign, such as { $username }, are filled in: keep their names. { $provider } is the name of the
# provider, { $domain } a domain such as example.org. docs/translating.md says how to edit this file and how to see the result.
#
# French spaces are in the file as they are on the page: U+00A0 before a colon and inside « », U+202F before ; ! and ?.
#
# One term for one thing (the page says « vous »):
#   username               nom d’utilisateur
#   account name           nom de compte
#   login details          identifiants de connexion
#   administrator          administrateur
#   provider               fournisseur
#   Internet provider      fournisseur d’accès à Internet
#   mailbox                boîte aux lettres
#   e-mail address         adresse e-mail
#   e-mail, mail           messagerie (the service), courrier (what is sent), message (one of them)
#   mail program           logiciel de messagerie, logiciel
#   webmail                webmail
#   incoming, outgoing     entrant, sortant
#   trash                  corbeille
#   out-of-office reply    message d’absence
#   settings               paramètres
#   type                   saisir

page-title = Paramètres de messagerie pour { $domain }
page-skip = Aller aux paramètres
page-languages = Langue
page-copy = Copier
page-copied = Copié
page-print = Imprimer
page-heading = Configurer votre messagerie
page-intro = Voici les paramètres pour { $domain }. La plupart des logiciels de messagerie les trouvent tout seuls : saisissez votre adresse e-mail et votre mot de passe, et c’est tout. Si un logiciel en demande plus, copiez les valeurs de cette page.
page-personal = Cette page est pour { $address }. Gardez le lien pour vous : la page montre votre nom d’utilisateur.

form-label = Votre adresse e-mail
form-hint = La page affiche alors vos propres paramètres. Votre adresse n’est pas enregistrée.
form-submit = Afficher mes paramètres

# Pages without settings.
start-heading = Configurer votre messagerie
start-text = Saisissez votre adresse e-mail pour voir les paramètres de votre logiciel de messagerie ou de votre téléphone.
unknown-heading = Pas de paramètres pour cette adresse
unknown-text = Nous ne connaissons pas ce domaine. Vérifiez ce qui suit le @ : il y a peut-être une faute de frappe. Si tout est juste, adressez-vous à la personne qui vous a donné l’adresse : votre boîte aux lettres se trouve peut-être chez un autre fournisseur.
invalidLink-heading = Ce lien ne fonctionne pas
invalidLink-text = Le lien a expiré ou est incomplet. Copiez le lien entier, jusqu’au dernier caractère, dans le message que vous avez reçu. S’il ne fonctionne toujours pas, demandez-en un nouveau à votre fournisseur.
invalidLink-settings = Sans lien, vous pouvez voir les paramètres de votre domaine : saisissez votre adresse e-mail.

# The username. It comes first, because most problems come from it.
username-heading = Nom d’utilisateur
username-address = Votre nom d’utilisateur est votre adresse e-mail complète, avec le @ et tout ce qui suit.
username-localPart = Votre nom d’utilisateur n’est pas votre adresse e-mail complète, mais seulement la partie avant le @.
username-derived = Votre nom d’utilisateur est formé à partir de votre adresse e-mail. Saisissez votre adresse ci-dessus pour le voir.
username-own = Votre nom d’utilisateur n’est pas votre adresse e-mail. Saisissez-le exactement comme il est écrit ici.
username-hidden = Votre nom d’utilisateur n’est pas votre adresse e-mail. C’est le nom de compte qui figure dans la lettre ou le message avec vos identifiants de connexion.
username-hidden-ask = Si vous ne le retrouvez pas, demandez-le à { $provider }.
# In place of { $username }, { $outgoing-username } and { $address }, if they are not known. Write the sentences of the guides so
# that these words fit into them.
username-in-words-address = votre adresse e-mail complète
username-in-words-localPart = la partie de votre adresse e-mail avant le @
username-in-words-derived = le nom d’utilisateur qui correspond à votre adresse
username-in-words-hidden = le nom de compte donné par votre fournisseur
your-address = votre adresse e-mail

settings-heading = Paramètres
incoming-heading = Courrier entrant ({ $protocol })
outgoing-heading = Courrier sortant ({ $protocol })
field-server = Serveur
field-port = Port
field-security = Chiffrement
field-username = Nom d’utilisateur
field-password = Mot de passe
field-authentication = Authentification
security-SSL = SSL/TLS
security-STARTTLS = STARTTLS
security-plain = aucun
password-yours = celui de votre boîte aux lettres
outgoing-login = Le serveur sortant demande, lui aussi, votre nom d’utilisateur et votre mot de passe.
authentication-password-cleartext = mot de passe normal
authentication-password-encrypted = mot de passe chiffré
authentication-OAuth2 = connexion par le navigateur (OAuth2)
authentication-GSSAPI = Kerberos (GSSAPI)
authentication-NTLM = NTLM
authentication-TLS-client-cert = certificat client
authentication-client-IP-address = aucune : le serveur connaît votre réseau
authentication-none = aucune
alternative-heading = POP3 au lieu d’IMAP
alternative-text = Seulement si vous lisez votre courrier sur un seul ordinateur et voulez l’y garder :
enable-heading = D’abord, autorisez les logiciels de messagerie
enable-link = Autoriser les logiciels de messagerie
profile-picture = Code QR du profil pour iPhone et iPad

clients-heading = Choisissez votre logiciel ou votre téléphone
clients-intro = Les logiciels ont des mots différents pour la même chose ; chaque guide emploie ceux de son logiciel. Vous n’avez pas encore de logiciel de messagerie ? Thunderbird est gratuit et trouve ces paramètres tout seul.

# When it does not work, by symptom.
trouble-heading = Si cela ne marche pas
trouble-intro = La plupart des problèmes sont des fautes de frappe. Comparez chaque valeur avec cette page, lettre par lettre.
trouble-password-heading = Le mot de passe est refusé
trouble-password-address = Vérifiez d’abord le nom d’utilisateur : c’est votre adresse e-mail complète.
trouble-password-localPart = Vérifiez d’abord le nom d’utilisateur : beaucoup de logiciels proposent l’adresse complète, mais il faut seulement la partie avant le @.
trouble-password-derived = Vérifiez d’abord le nom d’utilisateur : c’est celui que cette page affiche quand vous saisissez votre adresse ci-dessus.
trouble-password-own = Vérifiez d’abord le nom d’utilisateur : beaucoup de logiciels proposent l’adresse, mais il faut { $username }.
trouble-password-hidden = Vérifiez d’abord le nom d’utilisateur : beaucoup de logiciels proposent l’adresse, mais il faut le nom de compte qui figure dans la lettre ou le message avec vos identifiants de connexion.
trouble-password-again = Saisissez ensuite de nouveau le mot de passe, en respectant les majuscules et les minuscules. S’il est toujours refusé, demandez-en un nouveau à votre administrateur.
trouble-sending-heading = Vous recevez du courrier, mais ne pouvez pas en envoyer
trouble-sending = Ouvrez les paramètres du serveur sortant dans votre logiciel : il demande, lui aussi, un nom d’utilisateur et un mot de passe. Le nom d’utilisateur est { $outgoing-username }, le mot de passe celui de votre boîte aux lettres. Vérifiez aussi le serveur { $outgoing-hostname } et le port { $outgoing-port }.
trouble-sending-network = Ouvrez les paramètres du serveur sortant dans votre logiciel. Le serveur est { $outgoing-hostname }, le port { $outgoing-port }. Il ne demande pas de mot de passe, mais ne fonctionne que dans certains réseaux.
trouble-certificate-heading = Le logiciel vous met en garde contre un certificat
trouble-certificate = Arrêtez-vous : n’acceptez pas le certificat et ne saisissez pas votre mot de passe.
trouble-certificate-server = Le serveur doit être exactement { $incoming-hostname }.
trouble-certificate-servers = Le serveur doit être exactement { $incoming-hostname } pour le courrier entrant et { $outgoing-hostname } pour le courrier sortant.
trouble-certificate-ask = Si c’est le cas, adressez-vous à { $provider } : quelqu’un essaie peut-être de lire votre courrier.
trouble-not-found-heading = Le logiciel ne trouve pas les paramètres
trouble-not-found = Choisissez la configuration manuelle de votre logiciel et saisissez les paramètres. Pour éviter les erreurs, copiez chaque valeur de cette page :

help-heading = Bon à savoir
help-access-heading = D’où viennent mes identifiants de connexion ?
help-access = Votre administrateur vous a donné votre nom d’utilisateur, votre mot de passe et le nom du serveur à l’ouverture de votre boîte aux lettres. Si vous ne les avez plus, demandez-les-lui de nouveau.
# Follows texts that name the administrator, if the provider can be reached.
help-contact = Si vous ne savez pas de qui il s’agit, contactez-nous.
help-protocol-heading = IMAP ou POP3 ?
help-protocol = Avec IMAP, votre courrier reste sur le serveur : vous voyez les mêmes messages sur tous vos ordinateurs, téléphones et tablettes, et si la connexion est lente, un logiciel peut ne charger que les messages que vous ouvrez. POP3 transfère votre courrier sur un ordinateur, qui le conserve, et l’efface en général du serveur. Nous recommandons IMAP.
help-protocol-imap-only = Votre courrier reste sur le serveur (IMAP) : vous voyez les mêmes messages sur tous vos ordinateurs, téléphones et tablettes.
help-protocol-pop3-only = Votre courrier est transféré sur votre ordinateur (POP3), qui le conserve. Dans votre logiciel, vous pouvez choisir combien de temps une copie reste sur le serveur.
help-quota-heading = De combien d’espace est-ce que je dispose ?
help-quota = Votre boîte aux lettres peut contenir { $quota }.
help-quota-trash = Avec IMAP, les messages supprimés comptent tant que vous n’avez pas vidé la corbeille. Videz-la régulièrement.
help-size-heading = Quelle peut être la taille d’un message ?
help-size = Un message peut faire au plus { $messageSize }, pièces jointes comprises, quel que soit le logiciel.
help-size-attachments = Les pièces jointes grossissent d’environ un tiers à l’envoi. Pour un gros fichier, envoyez plutôt un lien.
help-sending-heading = Envoyer de partout
help-sending = Envoyez par { $outgoing-hostname } avec votre nom d’utilisateur et votre mot de passe : vous pourrez envoyer à la maison, au travail et en déplacement. Le serveur de votre fournisseur d’accès à Internet ne marche en général qu’à la maison, et d’autres fournisseurs peuvent prendre les messages qui en viennent pour du spam.
help-sending-network = { $outgoing-hostname } n’accepte les messages que de certains réseaux. Ailleurs, utilisez le serveur sortant de votre fournisseur d’accès à Internet.
help-webmail-heading = Le courrier dans le navigateur
help-webmail = Vous pouvez lire et envoyer du courrier sur n’importe quel ordinateur, sans logiciel de messagerie. Connectez-vous avec le même nom d’utilisateur et le même mot de passe :
help-webmail-sender = La première fois, ouvrez les préférences du webmail. Indiquez votre adresse exactement comme votre administrateur vous l’a donnée, car vos correspondants la voient comme expéditeur, et choisissez votre langue.
help-webmail-pop3 = N’utilisez pas le webmail en même temps qu’un logiciel qui relève le courrier par POP3 : celui-ci emporte les messages, qui semblent alors perdus.
help-absence-heading = Messages d’absence et redirections
help-absence = C’est votre administrateur qui les met en place sur le serveur. Adressez-vous à la personne qui vous a donné vos identifiants de connexion.
help-password-heading = Un bon mot de passe
help-password = Au moins 12 caractères : des lettres, des chiffres et des symboles, ou plusieurs mots pris au hasard. Ne l’utilisez nulle part ailleurs. Si votre mot de passe est un mot du dictionnaire ou identique à votre nom d’utilisateur, il est facile à deviner : demandez-en un nouveau à votre administrateur. Nous ne vous demanderons jamais votre mot de passe par e-mail.

contact-heading = Aide
contact-intro = Adressez-vous à { $provider } :
contact-none = Adressez-vous à la personne qui vous a donné votre adresse e-mail.
contact-email = E-mail
contact-phone = Téléphone
contact-url = Site web
contact-hours = Horaires
