#!/bin/sh
# /usr/local/sbin/reload-haproxy, after each order-certificates: HAProxy reads certificates only when it starts or reloads.
set -eu
directory=/etc/ssl/mail-autoconfig list=/etc/haproxy/mail-autoconfig.list
# A certificate that nobody has renewed for so long has expired.
find "$directory" -name '*.pem' -mtime +100 -delete
[ ! -e "$list" ] || [ -n "$(find "$directory" -newer "$list")" ] || exit 0
find "$directory" -name '*.pem' | sort > "$list.new"
mv "$list.new" "$list"
haproxy -c -q -f /etc/haproxy/haproxy.cfg
systemctl reload haproxy
