#!/bin/sh
# /usr/local/sbin/install-certificate NAME CHAIN KEY: puts a new certificate and its key into one file for the proxy. The group
# of the directory may read it:
#   install -d -m 2750 -g www-data /etc/ssl/mail-autoconfig
set -eu
umask 027
directory=/etc/ssl/mail-autoconfig
cat "$2" "$3" > "$directory/.$1"
mv "$directory/.$1" "$directory/$1.pem"
