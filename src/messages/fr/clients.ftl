# The guides for mail programs. Labels such as { $thunderbird-continue } are filled in from labels.ftl, in bold. { $username },
# { $incoming-hostname } and the like are the settings. { $protocol } is IMAP or POP3. { $usernames } is client-usernames-one or
# client-usernames-two, and { $login } is one of client-login-…; write these four so that they fit inside a sentence.

client-other = Un autre logiciel
client-by-hand = À la main
client-incoming = Courrier entrant
client-outgoing = Courrier sortant
client-usernames-one = { $username } (pour le courrier entrant et sortant)
client-usernames-two = { $username } pour le courrier entrant, { $outgoing-username } pour le courrier sortant
client-login-password = saisissez le mot de passe de votre boîte aux lettres
client-login-browser = identifiez-vous dans la fenêtre du navigateur qui s’ouvre
client-login-other = identifiez-vous comme votre fournisseur vous l’a expliqué
client-check-username = Les logiciels proposent votre adresse comme nom d’utilisateur. Remplacez-la. Le bon nom d’utilisateur : { $usernames }.
client-switch-on = activé
client-switch-off = désactivé
client-browser = Chez ce fournisseur, on s’identifie dans une fenêtre du navigateur (OAuth2). Un logiciel qui demande un mot de passe à la place ne convient pas.
client-plain = Un des serveurs de cette page n’est pas chiffré : d’autres personnes sur le même réseau peuvent lire votre mot de passe. Les logiciels vous en avertissent, et certains refusent un tel serveur. Demandez à votre fournisseur un serveur chiffré.

thunderbird-step-add = Dans le menu ≡, choisissez { $thunderbird-add }, puis { $thunderbird-email }.
thunderbird-step-address = Saisissez votre nom et { $address }, puis cliquez sur { $thunderbird-continue }.
thunderbird-step-found = Thunderbird répond : { $thunderbird-found }
thunderbird-step-username = Cliquez sur { $thunderbird-edit } et vérifiez { $thunderbird-username }. Le bon : { $usernames }.
thunderbird-step-login = Cliquez sur { $thunderbird-continue }, { $login }, et cliquez à la fin sur { $thunderbird-finish }.
thunderbird-by-hand = Si Thunderbird ne trouve rien, cliquez sur { $thunderbird-manual }. Sous { $thunderbird-protocol }, choisissez { $protocol }, et saisissez ces paramètres :

thunderbird-android-step-open = Ouvrez d’abord l’application Thunderbird sur le téléphone. L’appareil photo ne sait pas lire ce code.
thunderbird-android-step-import = Dans Thunderbird, touchez { $thunderbird-android-import }, puis { $thunderbird-android-scan }, et scannez ce code :
thunderbird-android-step-passwords = Quand l’application affiche { $thunderbird-android-passwords }, { $login } : une fois pour le courrier entrant et une fois pour le courrier sortant. Le code ne contient aucun mot de passe.
thunderbird-android-picture = Code QR pour Thunderbird sur Android
thunderbird-android-on-phone = Vous lisez cette page sur ce téléphone ? Ouvrez-la sur un autre écran pour y scanner le code, ou ajoutez le compte sans le code :
thunderbird-android-step-add = Ouvrez l’application, touchez { $thunderbird-android-add }, et saisissez { $address }.
thunderbird-android-step-next = Touchez { $thunderbird-android-next }. L’application cherche les paramètres. Si elle vous demande de cocher { $thunderbird-android-trust }, comparez d’abord les serveurs avec cette page.
thunderbird-android-step-username = Touchez { $thunderbird-android-edit } et vérifiez { $thunderbird-android-username }. Le bon : { $usernames }.
thunderbird-android-step-login = Ensuite, { $login }, et touchez { $thunderbird-android-next }.
thunderbird-android-by-hand = Si l’application ne trouve rien, touchez { $thunderbird-android-manual }. Sous { $thunderbird-android-protocol }, choisissez { $protocol }, et saisissez ces paramètres :

iphone-profile = Télécharger le profil
iphone-scan = Ou scannez ce code avec l’appareil photo de l’iPhone ou de l’iPad :
iphone-step-download = Ouvrez cette page dans Safari sur l’iPhone ou l’iPad, touchez le bouton et autorisez le téléchargement.
iphone-step-settings = Rien ne s’ouvre tout seul. Dans les 8 minutes, ouvrez { $iphone-settings } et touchez { $iphone-downloaded }, en haut. Après 8 minutes, l’appareil supprime le profil ; il faut alors le télécharger à nouveau. Il ne garde qu’un seul profil à la fois.
iphone-step-install = Touchez { $iphone-install } et saisissez le code de l’appareil.
iphone-step-username = Quand l’appareil demande le nom d’utilisateur, saisissez { $usernames }.
iphone-step-login = Quand l’appareil vous demande de vous identifier, { $login }.
iphone-note-signed = L’appareil affiche peut-être { $iphone-unsigned } ou { $iphone-unverified } à côté du profil. Cela veut dire qu’Apple ne sait pas qui l’a créé, et rien d’autre. Vous pouvez l’installer si vous l’avez téléchargé sur cette page. Il contient les paramètres que vous voyez ici, et aucun mot de passe.
iphone-note-stolen = Si { $iphone-stolen } est activée, l’iPhone n’installe des profils que dans les lieux où vous êtes souvent, par exemple chez vous ou au travail. Ailleurs, attendez d’y être, ou configurez le compte à la main.
iphone-by-hand = Choisissez { $iphone-settings } › { $iphone-apps } › { $iphone-mail } › { $iphone-accounts } › { $iphone-add } › { $iphone-other } › { $iphone-add-mail }. Avec iOS 17 et les versions précédentes, { $iphone-mail } est directement dans { $iphone-settings }. Saisissez votre nom, { $address } et votre mot de passe, puis touchez { $iphone-next }.
iphone-by-hand-type = Choisissez { $protocol }, et saisissez ces paramètres :
iphone-by-hand-optional = Remplissez aussi le nom d’utilisateur et le mot de passe du courrier sortant, même si l’appareil les dit facultatifs. Sans eux, vous ne pouvez pas envoyer de messages.
iphone-by-hand-port = L’appareil trouve lui-même le port et le chiffrement. Pour les vérifier, rouvrez le compte sous { $iphone-accounts } et touchez { $iphone-advanced }. Pour le courrier sortant, touchez { $iphone-smtp }, puis le serveur. Vous y trouvez { $iphone-security } et { $iphone-port }.

mac-step-download = Cliquez sur le bouton. Double-cliquez ensuite sur le fichier, dans vos téléchargements.
mac-step-settings = Rien ne s’ouvre tout seul. Dans les 8 minutes, ouvrez { $mac-settings } et choisissez { $mac-general } › { $mac-management }. Avec macOS 13 et 14, choisissez { $mac-privacy } › { $mac-profiles }.
mac-step-install = Double-cliquez sur le profil, puis cliquez sur { $mac-install }.
mac-step-username = Quand le Mac demande le nom d’utilisateur, saisissez { $usernames }.
mac-step-login = Quand le Mac vous demande de vous identifier, { $login }.
mac-by-hand = Dans le logiciel Mail, choisissez { $mac-mail } › { $mac-add } dans la barre des menus. Choisissez { $mac-other } et cliquez sur { $mac-continue }. Saisissez votre nom, { $address } et votre mot de passe, puis cliquez sur { $mac-sign-in }.
mac-by-hand-type = Mail demande alors d’autres informations. Choisissez { $protocol }, et saisissez ces paramètres :
mac-by-hand-port = Mail trouve lui-même le port et le chiffrement. Pour les vérifier, choisissez { $mac-mail } › { $mac-mail-settings } › { $mac-accounts } › { $mac-server-settings }, et décochez { $mac-automatic }. Le nom d’utilisateur et le mot de passe du courrier sortant s’y trouvent aussi : sans eux, vous ne pouvez pas envoyer de messages.

outlook-cloud = Avant de saisir votre mot de passe : le nouvel Outlook pour Windows et Outlook sur téléphone l’envoient à Microsoft. Les serveurs de Microsoft relèvent alors votre courrier et en gardent une copie. L’Outlook classique et d’autres logiciels, comme Thunderbird, ne le font pas.
outlook-classic-heading = Outlook classique pour Windows
outlook-classic-step-add = Choisissez { $outlook-file } › { $outlook-add }. Outlook affiche l’une de ces deux fenêtres :
outlook-classic-simple = Elle demande seulement votre adresse : saisissez { $address }, ouvrez { $outlook-advanced }, cochez { $outlook-manual }, et cliquez sur { $outlook-connect }. Choisissez { $protocol }, saisissez les paramètres ci-dessous, et { $login }.
outlook-classic-simple-username = Elle demande seulement votre adresse : fermez-la, car on ne peut pas y saisir le nom d’utilisateur. Ouvrez le Panneau de configuration de Windows, choisissez { $outlook-panel }, et ajoutez-y le compte. Vous obtenez alors l’autre fenêtre.
outlook-classic-manual = Elle affiche { $outlook-panel-manual } : choisissez cette ligne, puis { $outlook-panel-type }. Saisissez votre nom et { $address }, choisissez { $protocol }, et saisissez les serveurs ci-dessous. Sous { $outlook-username }, saisissez { $usernames }. Ensuite, { $login }.
outlook-classic-more = Dans cette fenêtre, cliquez sur { $outlook-more }. Cochez { $outlook-outgoing } sous { $outlook-outgoing-tab }. Les ports et le chiffrement sont sous { $outlook-advanced-tab }.
outlook-new-heading = Nouvel Outlook pour Windows
outlook-new-add = Dans les paramètres, ajoutez un compte. Saisissez { $address }, choisissez { $protocol }, et ouvrez les paramètres avancés. Saisissez les paramètres ci-dessous pour les deux serveurs. Le nom d’utilisateur : { $usernames }. Ensuite, { $login }.
outlook-phone-heading = Outlook sur téléphone
outlook-phone-add = Ajoutez un compte, saisissez { $address }, et choisissez { $protocol }. Si l’application ne le demande pas, touchez « ? », puis { $outlook-provider }. Ouvrez { $outlook-advanced-settings }, et saisissez les paramètres ci-dessous pour les deux serveurs. Le nom d’utilisateur : { $usernames }. Ensuite, { $login }.
outlook-no-change = Dans le nouvel Outlook et sur téléphone, on ne peut plus changer de serveur par la suite. Si l’un est faux, supprimez le compte et ajoutez-le à nouveau.
outlook-mac-heading = Outlook pour Mac
outlook-mac-add = Dans les réglages, ajoutez un compte. Saisissez { $address }, choisissez { $protocol }, et saisissez les paramètres ci-dessous. Le nom d’utilisateur : { $usernames }. Ensuite, { $login }. Si Outlook propose de synchroniser le compte avec le cloud de Microsoft, votre mot de passe y va aussi.
outlook-fields = Les paramètres pour tous les Outlook. Certains nomment les champs autrement :

gmail-step-add = Dans l’application Gmail, ouvrez le menu ≡ et choisissez { $gmail-settings } › { $gmail-add } › { $gmail-other }.
gmail-step-address = Saisissez { $address } et touchez { $gmail-manual }. Choisissez la ligne avec { $protocol }.
gmail-step-login = Ensuite, { $login }.
gmail-step-type = Saisissez ces paramètres. Pour le courrier sortant, laissez { $gmail-require } activé.

samsung-step-add = Dans Samsung Email, ouvrez le menu ☰ et choisissez { $samsung-settings } › { $samsung-add } › { $samsung-other }.
samsung-step-address = Saisissez { $address }, { $login }, et touchez { $samsung-manual }. Choisissez { $protocol }.
samsung-step-type = Saisissez ces paramètres :

fairemail-step-wizard = Dans FairEmail, sous { $fairemail-quick }, touchez { $fairemail-wizard } et choisissez { $fairemail-other }.
fairemail-step-login = Saisissez votre nom et { $address }, { $login }, et touchez { $fairemail-check }. FairEmail trouve les paramètres et les affiche. Enregistrez-les.
fairemail-no-wizard = L’assistant ne permet pas de saisir vos paramètres. Configurez le compte à la main.
fairemail-by-hand = Ouvrez { $fairemail-manual }. Sous { $fairemail-accounts }, ajoutez un compte { $protocol } avec les paramètres du courrier entrant. Ensuite, sous { $fairemail-identities }, ajoutez une identité avec ceux du courrier sortant.

evolution-step-add = Choisissez { $evolution-file } › { $evolution-new } › { $evolution-account }.
evolution-step-address = Sous { $evolution-identity }, saisissez votre nom et { $address }. Laissez cette case cochée : { $evolution-lookup }.
evolution-step-username = Sous { $evolution-receiving } et { $evolution-sending }, vérifiez { $evolution-username }. Le bon : { $usernames }.
evolution-step-login = Quand Evolution vous demande de vous identifier, { $login }.
evolution-by-hand = Si Evolution ne trouve rien, cliquez sur { $evolution-skip }. Sous { $evolution-type }, choisissez { $protocol }, et saisissez ces paramètres. Sous { $evolution-sending }, cochez { $evolution-requires }.

kmail-step-add = Dans l’{ $kmail-assistant }, saisissez votre nom et { $address }, { $login }, et cliquez sur { $kmail-next }.
kmail-step-username = Cliquez sur { $kmail-manual } et vérifiez { $kmail-username }. Le bon : { $usernames }.
kmail-step-create = Cliquez sur { $kmail-create }.
kmail-by-hand = Si KMail ne trouve rien, cliquez sur { $kmail-manual }, choisissez { $protocol }, et saisissez ces paramètres :

other-text = Cherchez la configuration manuelle de votre logiciel, choisissez { $protocol }, et copiez les paramètres de cette page. Les mots varient :
other-security-SSL = Port { $ports } : le bon chiffrement s’appelle SSL/TLS, SSL, TLS ou « TLS sur un port dédié ».
other-security-STARTTLS = Port { $ports } : le bon chiffrement s’appelle STARTTLS ou TLS. Il ne s’appelle pas SSL.
other-password = La bonne authentification s’appelle « mot de passe », « mot de passe normal », « PLAIN » ou « texte en clair ».
other-password-encrypted = Quand la connexion est chiffrée, personne ne peut lire le mot de passe en route.
