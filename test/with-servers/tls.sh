#!/usr/bin/env bash
# Asks the server's own TLS with OpenSSL and curl: versions, names, sessions, the chain, renewals under load, and a folder with a
# thousand certificates.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
front=''
server=''
trap '[[ -z $server ]] || kill "$server" 2> /dev/null || true; rm -rf "$work"' EXIT
# shellcheck source=test/with-servers/checks.sh
source test/with-servers/checks.sh
need 'openssl curl' openssl curl node

# NAME SUBJECT_ALT_NAMES: a pair in the layout of dehydrated, with its chain. It is complete when it gets its name.
certify() {
  issue "$1" "subjectAltName=$2"
  mkdir -p "$work/folder/certs/$1"
  cat "$work/$1.pem" "$work/ca.pem" > "$work/new.pem"
  mv "$work/new.pem" "$work/folder/certs/$1/fullchain.pem"
  cp "$work/$1.key" "$work/new.key"
  mv "$work/new.key" "$work/folder/certs/$1/privkey.pem"
}

configure() {
  cat > "$work/autoconfig.yaml" << YAML
provider: { id: all2all.org, displayName: all2all mail, displayShortName: all2all }
publicName: default.example
hosts: { mx: { hostname: mx.all2all.org } }
domains: { example.org: mx }
tls: { folder: $1 }
YAML
}

start() {
  : > "$work/log"
  node --import tsx src/bin.ts serve -c "$work/autoconfig.yaml" --host 127.0.0.1 --port 0 --tls-port 0 --admin-port 0 \
    > "$work/log" 2>&1 &
  server=$!
  # A busy machine compiles slowly.
  for _ in 1 2 3 4; do
    ! eventually grep -q '"msg":"serving"' "$work/log" || break
  done
  port=$(grep -o 'https://127.0.0.1:[0-9]*' "$work/log" | head -n 1 | sed 's/.*://')
  admin=$(grep -o '"admin":"http://127.0.0.1:[0-9]*' "$work/log" | sed 's/.*http/http/')
}

# ARGUMENTS: what s_client says of a handshake.
handshake() { openssl s_client -connect "127.0.0.1:$port" -CAfile "$work/ca.pem" "$@" < /dev/null 2>&1; }
says() { local text=$1; shift; handshake "$@" > "$work/handshake" || true; grep -q -- "$text" "$work/handshake" || { cat "$work/handshake"; return 1; }; }
resumes() {
  printf 'GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' |
    openssl s_client -connect "127.0.0.1:$port" -servername exact.example -ign_eof -sess_out "$work/session" "$@" > /dev/null 2>&1
  "${between[@]}"
  says '^Reused, ' -servername exact.example -sess_in "$work/session" "$@"
}
renewed() { certify exact.example DNS:exact.example,DNS:new.example; eventually says 'Verification: OK' -servername new.example -verify_hostname new.example; }
between=(true)

make_authority
certify exact.example DNS:exact.example
certify wild.example 'DNS:*.wild.example'
certify default.example DNS:default.example
configure "$work/folder"
start

for version in tls1 tls1_1; do
  check "$version is refused" says 'alert protocol version' "-$version" -cipher DEFAULT@SECLEVEL=0
done
check 'TLS 1.2 is taken' says 'Protocol *: TLSv1.2' -tls1_2
check 'TLS 1.3 is taken' says 'New, TLSv1.3' -tls1_3
check 'the exact name' says 'Verification: OK' -servername exact.example -verify_hostname exact.example
check 'a name of a wildcard' says 'Verification: OK' -servername a.wild.example -verify_hostname a.wild.example
check 'no name: the default' says 'Verification: OK' -noservername -verify_hostname default.example
check 'an unknown name: the default' says 'Verification: OK' -servername unknown.example -verify_hostname default.example
check 'the chain is sent' says ' 1 s:CN = Test Authority' -showcerts -servername exact.example
for version in tls1_2 tls1_3; do
  check "$version: a session is resumed" resumes "-$version"
done
between=(renewed)
check 'a session is resumed after a renewal' resumes -tls1_3
check 'curl over https' curl -fsS --cacert "$work/ca.pem" --resolve "exact.example:$port:127.0.0.1" -o /dev/null \
  "https://exact.example:$port/mail/config-v1.1.xml?emailaddress=a@example.org"

# Each request is a new connection; renewals happen meanwhile.
(
  failed_requests=0
  for _ in $(seq 150); do
    curl -fsS --cacert "$work/ca.pem" --resolve "exact.example:$port:127.0.0.1" -o /dev/null \
      "https://exact.example:$port/mail/config-v1.1.xml?emailaddress=a@example.org" 2>> "$work/curl.log" ||
      failed_requests=$((failed_requests + 1))
  done
  echo "$failed_requests" > "$work/failed"
) &
load=$!
for _ in 1 2 3 4; do
  certify exact.example DNS:exact.example
  sleep 1
done
wait "$load"
check 'no request fails while certificates are renewed' grep -qx 0 "$work/failed"

# Half of a renewal.
cp "$work/wild.example.pem" "$work/folder/certs/exact.example/fullchain.pem"
broken() { curl -fsS "$admin/metrics" | grep -q 'certificates{state="kept"} 1'; }
check 'a broken pair is noticed' eventually broken
check 'and the one before it stays in use' says 'Verification: OK' -servername exact.example -verify_hostname exact.example
kill "$server"
check 'the server ends with 0' wait "$server"
server=''

npx tsx test/with-servers/make-certificates.ts "$work/thousand" 1000
configure "$work/thousand"
begun=$(date +%s)
start
check 'with a thousand certificates, the server starts within a minute, the time of the compiler included' test $(($(date +%s) - begun)) -le 60
check 'the last of them is served' says 'subject=CN = mail.example.org' -servername n999.example
rss=$(awk '/VmRSS/ { print $2 }' "/proc/$server/status")
echo "# RSS with a thousand certificates: $rss kB"
check 'and takes less than 250 MB, with the compiler of tests' test "$rss" -lt 250000
tell_count
