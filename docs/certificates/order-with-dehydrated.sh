#!/bin/sh
# /usr/local/sbin/order-certificates: orders certificates for new domains, and renews the others before they expire.
set -eu
list=/etc/dehydrated/domains.txt
mail-autoconfig certificates --resolving > "$list.new"
mv "$list.new" "$list"
# One name that fails does not stop the others.
dehydrated --cron --keep-going
