#!/usr/bin/env bash
#
# Asks the server's own TLS with OpenSSL and curl: versions, names, sessions, the chain, renewals under load, and a folder with a
# thousand certificates.
#
#   npm ci && npm run build && test/with-servers/tls.sh
#
# Needs openssl and curl (Debian: openssl curl).

set -euo pipefail
shopt -s inherit_errexit

cd "$(dirname "$0")/../.."
source test/with-servers/checks.sh
source test/with-servers/processes.sh
source test/with-servers/authority.sh

need 'openssl curl' node openssl curl
need_build
make_work

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

serve() {
  start_server server --config "$work/autoconfig.yaml" --host 127.0.0.1 --port 0 --tls-port 0 --admin-port 0
  port=$(grep -o 'https://127.0.0.1:[0-9]*' "$work/server.log" | head -n 1 | sed 's/.*://')
  admin=$(url_of server admin)
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
serve

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
asks() {
  get --cacert "$work/ca.pem" --resolve "exact.example:$port:127.0.0.1" --output /dev/null \
    "https://exact.example:$port/mail/config-v1.1.xml?emailaddress=a@example.org"
}
check 'curl over https' asks

# Each request is a new connection; renewals happen meanwhile.
ask_often() {
  local failed_requests=0
  for _ in $(seq 150); do asks || failed_requests=$((failed_requests + 1)); done
  echo "$failed_requests failed"
}
start load ask_often
for _ in 1 2 3 4; do
  certify exact.example DNS:exact.example
  sleep 1
done
wait "${process[load]}"
check 'no request fails while certificates are renewed' grep -x '0 failed' "$work/load.log"

# Half of a renewal.
cp "$work/wild.example.pem" "$work/folder/certs/exact.example/fullchain.pem"
broken() { get "$admin/metrics" | grep -q 'certificates{state="kept"} 1'; }
check 'a broken pair is noticed' eventually broken
check 'and the one before it stays in use' says 'Verification: OK' -servername exact.example -verify_hostname exact.example
check 'the server ends with 0' end server

node --import tsx test/with-servers/make-certificates.ts "$work/thousand" 1000
configure "$work/thousand"
begun=${EPOCHREALTIME/./}
check 'with a thousand certificates, the server starts' serve
milliseconds=$(((${EPOCHREALTIME/./} - begun) / 1000))
check 'it starts within ten seconds' test "$milliseconds" -lt 10000
check 'the last of them is served' says 'subject=CN = mail.example.org' -servername n999.example
rss=$(awk '/VmRSS/ { print $2 }' "/proc/${process[server]}/status")
echo "# with a thousand certificates: $milliseconds ms until the server serves, RSS $rss kB"
check 'and takes less than 150 MB' test "$rss" -lt 150000
tell_count
