#!/bin/sh
# /usr/local/sbin/reload-apache, after each order-certificates: a virtual host for each certificate that there is.
set -eu
directory=/etc/ssl/mail-autoconfig list=/etc/apache2/mail-autoconfig.hosts
find "$directory" -name '*.pem' -mtime +100 -delete
[ ! -e "$list" ] || [ -n "$(find "$directory" -newer "$list")" ] || exit 0
for file in "$directory"/*.pem; do
  [ -e "$file" ] || continue
  name=$(basename "$file" .pem)
  echo "Use MailAutoconfigTLS ${name#autoconfig.} $name"
done > "$list.new"
mv "$list.new" "$list"
apache2ctl -t
systemctl reload apache2
