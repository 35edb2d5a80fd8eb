# The settings in words, and the texts of profiles for iPhones and Macs.

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
settings-your-username = o que o seu fornecedor lhe deu
settings-password = Palavra-passe
settings-your-password = a da sua caixa
settings-on-apple = Num iPhone, iPad ou Mac, abra aí:
settings-on-android = Com o Thunderbird no Android, leia («Importar definições»):
settings-webmail = No navegador: { $url }
settings-enable = Primeiro, autorize aqui os programas de correio: { $url }

profile-title = Correio: { $account }
profile-description = Configura o seu correio de { $provider } neste dispositivo. A palavra-passe é pedida durante a instalação.
