#!/usr/bin/env bash
#
# Compares the words of mail programs in src/messages/*/labels.ftl with the programs that Debian ships. The packages are
# downloaded and unpacked, not installed.
#
#   npm ci && test/with-servers/labels.sh
#
# Needs apt-get (after apt-get update), dpkg-deb and unzip (Debian: apt dpkg unzip).

set -euo pipefail
shopt -s inherit_errexit nullglob

cd "$(dirname "$0")/../.."
source test/with-servers/checks.sh
need 'apt dpkg unzip' node apt-get dpkg-deb unzip

make_work

unpack_packages() {
  (cd "$work" && apt-get download -qq thunderbird thunderbird-l10n-{fr,nl,de} evolution-common)
  local package
  for package in "$work"/*.deb; do dpkg-deb -x "$package" "$work/files"; done
}

# The languages are zip files. `unzip` calls omni.ja damaged, because its index is at its beginning, and unpacks it.
unpack_languages() {
  local file language
  for file in "$work"/files/usr/{lib,share}/thunderbird/omni.ja; do
    unzip -qo "$file" 'localization/en-US/*' -d "$work/thunderbird" || true
  done
  for language in fr nl de; do
    unzip -qo "$work"/files/usr/lib/thunderbird/extensions/langpack-"$language"@*.xpi 'localization/*' -d "$work/thunderbird"
  done
}

compare() { node --import tsx test/with-servers/compare-labels.ts "$work" "$@"; }
finds_differences() { ! compare thunderbird fr nl; }

check 'Debian has the packages' unpack_packages
check 'and they contain the languages' unpack_languages
for language in en fr nl de; do
  check "the words of Thunderbird: $language" compare thunderbird "$language"
  check "the words of Evolution: $language" compare evolution "$language"
done
check 'French words are not the Dutch ones' finds_differences

tell_count
