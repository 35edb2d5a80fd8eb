#!/bin/sh
# Collects the root directory of the image in the directory $1: Node, the libraries that it and the drivers are linked to, and the
# few files of a system that they read. It runs in the image of Node, which is Debian. The drivers are in the current directory.
set -eu
root=$1

mkdir -p "$root/app" "$root/etc/ssl/certs" "$root/usr/local/bin" "$root/var/lib/dpkg/status.d" "$root/usr/share/doc"
cp -L "$(command -v node)" "$root/usr/local/bin/node"
if [ -e node_modules ]; then cp -R node_modules "$root/app/"; fi

# --- Libraries -------------------------------------------------------------------------------------------------------

# Of Node and of native drivers, such as libsql, with the loader. A driver may have files for other systems, which ldd refuses.
{
  ldd "$root/usr/local/bin/node"
  find "$root/app" -name '*.node' -exec ldd {} \; 2> /dev/null || true
} | sed -nE 's/^\s*(.* => )?(\/[^ ]+) \(0x.*/\2/p' > /tmp/libraries
sort -u /tmp/libraries | while read -r library; do
  mkdir -p "$root${library%/*}"
  cp -L "$library" "$root$library"
  # The package, its licence, and the line by which scanners for vulnerabilities know it.
  package=$(dpkg-query -S "*/${library##*/}" | sed -n '1s/[:,].*//p')
  if [ -z "$package" ]; then echo "$library belongs to no package" >&2; exit 1; fi
  dpkg-query -s "$package" > "$root/var/lib/dpkg/status.d/$package"
  mkdir -p "$root/usr/share/doc/$package"
  cp -L "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/"
done
if [ -e /usr/local/LICENSE ]; then
  mkdir -p "$root/usr/share/doc/node"
  cp /usr/local/LICENSE "$root/usr/share/doc/node/copyright"
fi

# --- Files of the system ---------------------------------------------------------------------------------------------

cp -L /etc/os-release "$root/etc/os-release"
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"
printf '%s\n' 'root:x:0:0:root:/:/nonexistent' 'mail-autoconfig:x:1000:1000::/app:/nonexistent' > "$root/etc/passwd"
printf '%s\n' 'root:x:0:' 'mail-autoconfig:x:1000:' > "$root/etc/group"
# The authorities that Node trusts: mail-autoconfig doctor and native drivers read them from this file.
node -p 'require("node:tls").rootCertificates.join("\n")' > "$root/etc/ssl/certs/ca-certificates.crt"

# For STATE_DIRECTORY: a new volume gets this owner.
mkdir -p "$root/var/lib/mail-autoconfig" "$root/tmp"
chown 1000:1000 "$root/var/lib/mail-autoconfig"
chmod 1777 "$root/tmp"

# `docker exec NAME mail-autoconfig explain example.org`
printf '%s\n' '#!/usr/local/bin/node --disable-sigusr1' 'import("/app/dist/bin.js")' > "$root/usr/local/bin/mail-autoconfig"
chmod 755 "$root/usr/local/bin/mail-autoconfig"
