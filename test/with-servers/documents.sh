#!/usr/bin/env bash
#
# What is printed and served, read by programs that are not ours: zones by BIND, profiles by libplist and OpenSSL, QR codes
# by ZBar. The server listens on loopback, on a free port.
#
#   npm ci && npm run build && test/with-servers/documents.sh
#
# Needs named-checkzone, plistutil, zbarimg, openssl and curl (Debian: bind9-utils libplist-utils zbar-tools openssl curl).

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
source test/with-servers/checks.sh
source test/with-servers/processes.sh
source test/with-servers/authority.sh

need 'bind9-utils libplist-utils zbar-tools openssl curl' node named-checkzone plistutil zbarimg openssl curl
need_build
make_work

mail_autoconfig() { node dist/bin.js "$@"; }

# --- Zones -----------------------------------------------------------------------------------------------------------

# CONFIG DOMAIN OPTION…: the records that are printed, in a zone that has but what every zone must have.
zone_is_sound() {
  local config=$1 domain=$2
  shift 2
  {
    echo "$domain. 3600 IN SOA ns.example.net. hostmaster.example.net. 1 7200 3600 1209600 3600"
    echo "$domain. 3600 IN NS ns.example.net."
    mail_autoconfig dns "$domain" --config "$config" "$@"
  } > "$work/zone"
  named-checkzone -i full -k fail -n fail -m fail -M fail -S fail -r fail "$domain" "$work/zone"
  # No comment hides a record: there is one for Autodiscover and at least one for each of IMAP, POP3 and submission.
  [[ $(grep -c ' IN SRV ' "$work/zone") -ge 4 ]]
}

# Fails for a zone that is none, so that the checks can fail at all.
broken_zone_is_refused() {
  printf '%s\n' 'example.org. 3600 IN SOA ns.example.net. h.example.net. 1 2 3 4 5' 'example.org. 3600 IN NS ns.example.net.' \
    '_imaps._tcp.example.org. 3600 IN SRV 0 1 993' > "$work/zone"
  ! named-checkzone example.org "$work/zone"
}

check 'BIND refuses what is no zone' broken_zone_is_refused
check 'the zone of example.org is sound' zone_is_sound config/autoconfig.yaml example.org
check 'and that of example.com, which has no PACC' zone_is_sound config/autoconfig.yaml example.com
check 'and with an address' zone_is_sound config/autoconfig.yaml example.org --address 192.0.2.1
check 'and with two' zone_is_sound config/autoconfig.yaml example.org --address 192.0.2.1 --address 2001:db8::1
for folder in test/golden/*/; do
  domain=$(sed -nE '1s/^# for ([^@ ?]*@)?([^ ?]*).*/\2/p' "$folder/config.yaml")
  # A zone is named in A-labels.
  ascii=$(node -p 'new URL(`http://${process.argv[1]}`).hostname' "$domain")
  check "the zone of $(basename "$folder") is sound" zone_is_sound "$folder/config.yaml" "$ascii" --address 192.0.2.1
done
sed 's/displayShortName: all2all/displayShortName: A2A/' config/autoconfig.yaml > "$work/next.yaml"
check 'and with the digests of two documents' zone_is_sound config/autoconfig.yaml example.org --next "$work/next.yaml"
check 'which are two' test "$(grep -c 'v=UAAC1' "$work/zone")" = 2

# --- The server ------------------------------------------------------------------------------------------------------

# [KIND]: a certificate and its key, of an authority of its own. As Let's Encrypt issues them: for servers, not for mail.
issue_certificate() {
  make_authority
  issue certificate $'extendedKeyUsage=serverAuth\nkeyUsage=digitalSignature' "$@"
}

issue_certificate rsa:2048
{
  cat config/autoconfig.yaml
  echo 'apple: { sign: { certificate: certificate.pem, key: certificate.key } }'
} > "$work/autoconfig.yaml"
start_server server --config "$work/autoconfig.yaml" --host 127.0.0.1 --port 0 --admin-port 0
origin=$(url_of server clients)
query='emailaddress=jane.roe%40example.org&name=Jane+Roe'

# --- Profiles --------------------------------------------------------------------------------------------------------

profile_is_signed() {
  get "$origin/apple/mail.mobileconfig?$query" > "$work/signed"
  openssl cms -verify -inform DER -purpose any -CAfile "$work/ca.pem" -in "$work/signed" -out "$work/profile"
}

# KEY ELEMENT: what libplist makes of it, on the way through its binary form.
profile_says() {
  plistutil -i "$work/profile" -o "$work/profile.bin" -f bin
  plistutil -i "$work/profile.bin" -o "$work/profile.xml" -f xml
  tr -d '\n\t' < "$work/profile.xml" | grep -qF "<key>$1</key>$2"
}

is_for_another_authority() { ! openssl cms -verify -inform DER -purpose any -CAfile config/autoconfig.yaml -in "$work/signed" -out /dev/null; }

comes_unsigned() { get "$origin/apple/mail.mobileconfig?$query" | head -c 5 | grep -q '<?xml'; }

check 'OpenSSL verifies a profile that is signed with RSA' profile_is_signed
check 'and would not for another authority' is_for_another_authority
check 'libplist reads it: the server' profile_says IncomingMailServerHostName '<string>maximusconfessor.all2all.org</string>'
check 'the port' profile_says OutgoingMailServerPortNumber '<integer>465</integer>'
check 'TLS' profile_says IncomingMailServerUseSSL '<true/>'
check 'the name' profile_says EmailAccountName '<string>Jane Roe</string>'
# The files are looked at every second.
issue_certificate
check 'the certificate is renewed, with another kind of key: the next profile is signed with that' eventually profile_is_signed
echo 'half a certif' > "$work/certificate.pem"
check 'a certificate that cannot be read: the profile comes unsigned' eventually comes_unsigned
check 'the log says so' eventually grep -q '"level":50.*apple\.sign\.certificate' "$work/server.log"
says_unready() { get "$(url_of server admin)/readyz" | grep -q '"signed":false'; }
check 'and readiness' says_unready
check 'no address is in the log' bash -c "! grep -q jane.roe '$work/server.log'"

# --- QR codes --------------------------------------------------------------------------------------------------------

scanned_is() {
  get "$origin$1" > "$work/qr.png"
  zbarimg --quiet --raw --oneshot --nodbus "$work/qr.png" > "$work/scanned"
  diff "$work/scanned" <(printf '%s' "$2")
}
payload=$(mail_autoconfig render thunderbird-qr jane.roe@example.org --name 'Jane Roe')
check 'ZBar scans what Thunderbird is to scan' scanned_is "/thunderbird/qr.png?$query" "$payload"
check 'and where the iPhone is to go' scanned_is "/apple/qr.png?$query" "https://autoconfig.all2all.org/apple/mail.mobileconfig?$query"

tell_count
