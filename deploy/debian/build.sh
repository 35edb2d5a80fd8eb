#!/usr/bin/env bash
#
# Builds the Debian package from dist/, which `npm run build` makes.
#
#   npm ci && npm run build && deploy/debian/build.sh [DIRECTORY]
#
# writes mail-autoconfig_VERSION-1_all.deb to DIRECTORY, by default the current one. VERSION is that of package.json, unless it is set in the
# environment. Needs dpkg-buildpackage and debhelper (Debian: dpkg-dev debhelper), no root and no network.

set -euo pipefail

directory=$(realpath "${1:-.}")
cd "$(dirname "$0")/../.."

if [[ ! -e dist/bin.js ]]; then
  echo 'dist/bin.js is missing: npm ci && npm run build' >&2
  exit 1
fi
command -v dh > /dev/null || {
  echo 'dpkg-buildpackage and dh are missing: apt-get install --no-install-recommends dpkg-dev debhelper' >&2
  exit 1
}

version=${VERSION:-$(node -p 'require("./package.json").version')}
work=$(mktemp -d "${TMPDIR:-/tmp}/mail-autoconfig-deb.XXXXXX")
trap 'rm -rf "$work"' EXIT
tree=$work/mail-autoconfig
mkdir "$tree"
cp -r dist config docs README.md CHANGELOG.md LICENSE package.json deploy/debian "$tree"
rm "$tree/debian/build.sh"
# The notices are in the copyright file, and the declarations are for programs in TypeScript.
rm -rf "$tree"/dist/{types,THIRD-PARTY-NOTICES.txt,mail-autoconfig.1,completions}
# debhelper wants the name of the package before that of a unit.
for unit in deploy/systemd/*.{service,socket,target,timer,path}; do
  name=$(basename "$unit")
  case $name in
    mail-autoconfig.*) cp "$unit" "$tree/debian" ;;
    *) cp "$unit" "$tree/debian/mail-autoconfig.$name" ;;
  esac
done
cp deploy/systemd/{order-certificates,dehydrated.conf} "$tree"

# The manual page and the completions of shells.
cp dist/mail-autoconfig.1 "$tree"
echo mail-autoconfig.1 > "$tree/debian/mail-autoconfig.manpages"
# NAME DIRECTORY INSTALLED-NAME
complete() {
  mkdir -p "$tree/completions/$2"
  cp "dist/completions/$1" "$tree/completions/$2/$3"
  echo "completions/$2/$3 usr/share/$2" >> "$tree/debian/mail-autoconfig.install"
}
complete mail-autoconfig.bash bash-completion/completions mail-autoconfig
complete _mail-autoconfig zsh/vendor-completions _mail-autoconfig
complete mail-autoconfig.fish fish/vendor_completions.d mail-autoconfig.fish

# The same commit makes the same package.
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || date +%s)}
maintainer=$(sed -n 's/^Maintainer: //p' "$tree/debian/control")
cat > "$tree/debian/changelog" << END
mail-autoconfig ($version-1) unstable; urgency=medium

  * /usr/share/doc/mail-autoconfig/changelog.gz lists the changes.

 -- $maintainer  $(LC_ALL=C date --utc --rfc-email --date="@$epoch")
END
{
  echo "mail-autoconfig: https://github.com/all2all/mail-autoconfig"
  echo
  cat LICENSE
  echo
  # Debian has the text of this licence once for all packages (Debian Policy, section 12.5).
  perl -0pe 's/^ *Apache License\n *Version 2\.0, January 2004.*?END OF TERMS AND CONDITIONS\n/On Debian systems, the Apache License, Version 2.0, is in \/usr\/share\/common-licenses\/Apache-2.0.\n/gsm' \
    dist/THIRD-PARTY-NOTICES.txt
} > "$tree/debian/copyright"

(cd "$tree" && dpkg-buildpackage --build=binary --no-sign) > "$work/log" 2>&1 || {
  cat "$work/log" >&2
  exit 1
}
cp "$work/mail-autoconfig_$version-1_all.deb" "$directory"
echo "$directory/mail-autoconfig_$version-1_all.deb"
