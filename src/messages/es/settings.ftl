# The settings in words, the answers to personal links that do not work, and the texts of profiles for iPhones and Macs.
#
# One term for one thing: nombre de usuario, nombre de cuenta, contraseña, buzón, programa de correo, proveedor.
# Quotes are « », without spaces.

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
settings-your-username = el nombre de cuenta que le dio su proveedor
settings-password = Contraseña
settings-your-password = la de su buzón
settings-on-apple = En un iPhone, iPad o Mac, abra esta dirección:
settings-on-android = En Thunderbird para Android, elija «Importar ajustes» y escanee el código QR de esta dirección:
settings-webmail = En el navegador: { $url }
settings-enable = Antes, autorice aquí los programas de correo: { $url }

# Answers to a personal link that is opened by a program. A browser gets the page.
link-invalid = Este enlace ha caducado o está incompleto. Copie el enlace entero, hasta el último carácter, del mensaje que recibió. Si sigue sin funcionar, pida uno nuevo a su proveedor de correo.
link-unknown-domain = En este momento no hay ajustes de correo para el dominio de este enlace. Inténtelo de nuevo dentro de una hora. Si nada ha cambiado, pida un enlace nuevo a su proveedor de correo.
link-not-available = Este archivo no está disponible para su buzón. Abra su enlace personal sin nombre de archivo al final: muestra los ajustes que puede escribir en su programa de correo.

# The text of the link to the page for people.
page-link = Configurar su correo

profile-title = Correo: { $account }
profile-description = Configura su correo de { $provider } en este dispositivo. Se le pedirá la contraseña durante la instalación.
profile-help = Ayuda: { $url }
