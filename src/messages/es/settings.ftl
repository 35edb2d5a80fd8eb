# The settings in words, and the texts of profiles for iPhones and Macs.

settings-title = Correo de { $provider }: { $account }
settings-incoming = Correo entrante
settings-outgoing = Correo saliente
settings-server = Servidor
settings-port = Puerto
settings-encryption = Cifrado
settings-encryption-SSL = SSL/TLS
settings-encryption-STARTTLS = STARTTLS
settings-encryption-plain = ninguno
settings-username = Nombre de usuario
settings-your-username = el que le dio su proveedor
settings-password = Contraseña
settings-your-password = la de su buzón
settings-on-apple = En un iPhone, un iPad o un Mac, abra allí:
settings-on-android = Con Thunderbird en Android, escanee («Importar ajustes»):
settings-webmail = En el navegador: { $url }
settings-enable = Antes, autorice aquí los programas de correo: { $url }

profile-title = Correo: { $account }
profile-description = Configura su correo de { $provider } en este dispositivo. Se le pedirá la contraseña al instalarlo.
