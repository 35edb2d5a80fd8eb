# The settings in words, the answers to personal links that do not work, and the texts of profiles for iPhones and Macs.
#
# One term for one thing: nome de utilizador, nome da conta, palavra-passe, caixa de correio, programa de correio, fornecedor.
# Quotes are « », without spaces.

settings-title = Correio de { $provider }: { $account }
settings-incoming = Correio recebido
settings-outgoing = Correio enviado
settings-server = Servidor
settings-port = Porta
settings-encryption = Encriptação
settings-encryption-SSL = SSL/TLS
settings-encryption-STARTTLS = STARTTLS
settings-encryption-plain = nenhuma
settings-username = Nome de utilizador
settings-your-username = o nome da conta que o seu fornecedor lhe deu
settings-password = Palavra-passe
settings-your-password = a da sua caixa de correio
settings-on-apple = Num iPhone, iPad ou Mac, abra este endereço:
settings-on-android = No Thunderbird para Android, escolha «Importar configurações» e leia o código QR que se encontra neste endereço:
settings-webmail = No navegador: { $url }
settings-enable = Primeiro, autorize aqui os programas de correio: { $url }

# Answers to a personal link that is opened by a program. A browser gets the page.
link-invalid = Esta ligação expirou ou está incompleta. Copie a ligação inteira, até ao último caráter, da mensagem que recebeu. Se continuar a não funcionar, peça uma nova ao seu fornecedor de correio.
link-unknown-domain = Neste momento, não há configurações de correio para o domínio desta ligação. Tente de novo dentro de uma hora. Se nada tiver mudado, peça uma nova ligação ao seu fornecedor de correio.
link-not-available = Este ficheiro não está disponível para a sua caixa de correio. Abra a sua ligação pessoal sem nome de ficheiro no fim: mostra as configurações que pode introduzir no seu programa de correio.

# The text of the link to the page for people.
page-link = Configurar o correio

profile-title = Correio: { $account }
profile-description = Configura o seu correio de { $provider } neste dispositivo. A palavra-passe é pedida durante a instalação.
profile-help = Ajuda: { $url }
